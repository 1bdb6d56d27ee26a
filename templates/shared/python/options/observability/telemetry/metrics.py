"""Metrics in the Prometheus text format."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from fastapi import APIRouter, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..clock import now
from ..db.database import Database
from ..messaging.outbox import Backlog, Outbox
from ..serving.program import GaugeSource, MetricSources
from . import counters

T = TypeVar("T")
log = logging.getLogger(__name__)

BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
UNMATCHED = "unmatched"
# Short, because Prometheus waits for all gauges of a scrape.
GAUGE_TIMEOUT_SECONDS = 1.0


class Metrics:
    """Measures requests as they pass, and reads all other metrics when Prometheus scrapes them."""

    def __init__(self, metric_sources: MetricSources) -> None:
        self._sources = metric_sources
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "Time from the request's head to the end of the response.",
            ["method", "route", "status"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._in_progress = Gauge(
            "http_requests_in_progress", "Requests currently being served.", registry=self._registry
        )
        self._pool = Gauge(
            "database_connections", "Connections in the pool.", ["state"], registry=self._registry
        )
        self._fetches = Gauge(
            "cache_fetches",
            "Fetches since startup, by the source of the entry.",
            ["source"],
            registry=self._registry,
        )

        self._readings: list[_Reading[Any]] = [
            _gauge(source, self._registry) for source in metric_sources.gauge_sources
        ]
        if metric_sources.database is not None and metric_sources.outboxes:
            outboxes = _outboxes(metric_sources.database, metric_sources.outboxes, self._registry)
            self._readings.append(outboxes)
        self._registry.register(_Counters())

    def measure(self, app: ASGIApp) -> ASGIApp:
        """Return `app` with each request measured."""

        async def with_metrics(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            status = 500

            async def send_noting_status(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            start = time.perf_counter()
            try:
                with self._in_progress.track_inprogress():
                    await app(scope, receive, send_noting_status)
            finally:
                seconds = time.perf_counter() - start
                # Use the route template: raw paths have unbounded cardinality.
                route = getattr(scope.get("route"), "path", UNMATCHED)
                self._seconds.labels(scope["method"], route, status).observe(seconds)

        return with_metrics

    def router(self) -> APIRouter:
        """Return the endpoint that Prometheus scrapes."""
        routes = APIRouter(tags=["operations"])

        @routes.get("/metrics", include_in_schema=False)
        async def metrics() -> Response:
            await self._read()
            return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

        return routes

    async def _read(self) -> None:
        metric_sources = self._sources
        for reading in self._readings:
            await reading.refresh()
        if metric_sources.cache is not None:
            for source, number in metric_sources.cache.outcomes.items():
                self._fetches.labels(source).set(number)
        if metric_sources.database is None:
            return
        usage = metric_sources.database.connections.usage()
        self._pool.labels("in_use").set(usage.in_use)
        self._pool.labels("idle").set(usage.idle)


class _Counters(Collector):
    """Exposes the counters of the business."""

    def collect(self) -> Iterator[Metric]:
        for counter in counters.ALL:
            family = CounterMetricFamily(counter.name, counter.help, labels=counter.labels)
            for values, number in counter.counts.items():
                family.add_metric(values, number)
            yield family


class _Reading(Generic[T]):
    """Gauges that are read together when Prometheus scrapes; if that takes too long, they have no values."""

    def __init__(
        self,
        name: str,
        gauges: Sequence[Gauge],
        read: Callable[[], Coroutine[Any, Any, T]],
        show: Callable[[T], None],
    ) -> None:
        self._name = name
        self._gauges = gauges
        self._read = read
        self._show = show
        self._task: asyncio.Task[T] | None = None

    async def refresh(self) -> None:
        # A slow read continues, and the next scrape may get its result.
        task = self._task = self._task or asyncio.create_task(self._read())
        done, _ = await asyncio.wait({task}, timeout=GAUGE_TIMEOUT_SECONDS)
        for gauge in self._gauges:
            gauge.clear()
        if not done:
            log.warning("reading the gauge %s timed out", self._name)
            return
        self._task = None
        if error := task.exception():
            log.warning("reading the gauge %s failed: %r", self._name, error)
            return
        self._show(task.result())


def _gauge(source: GaugeSource, registry: CollectorRegistry) -> _Reading[Mapping[str, float]]:
    gauge = Gauge(source.name, source.help, [source.label], registry=registry)

    def show(values: Mapping[str, float]) -> None:
        for label, value in values.items():
            gauge.labels(label).set(value)

    return _Reading(source.name, [gauge], source.read, show)


def _outboxes(
    database: Database, outboxes: Sequence[Outbox], registry: CollectorRegistry
) -> _Reading[Mapping[str, Backlog]]:
    waiting = Gauge("outbox_waiting", "Events not yet delivered.", ["outbox"], registry=registry)
    oldest = Gauge(
        "outbox_oldest_seconds", "Age of the oldest event not yet delivered.", ["outbox"], registry=registry
    )
    dead = Gauge("outbox_dead_letters", "Events that could not be delivered.", ["outbox"], registry=registry)

    async def read() -> Mapping[str, Backlog]:
        async with database.reading() as connection:
            return {str(outbox.table.schema): await outbox.backlog(connection) for outbox in outboxes}

    def show(backlogs: Mapping[str, Backlog]) -> None:
        for name, backlog in backlogs.items():
            age = (now() - backlog.oldest).total_seconds() if backlog.oldest else 0.0
            waiting.labels(name).set(backlog.waiting)
            oldest.labels(name).set(age)
            dead.labels(name).set(backlog.dead)

    return _Reading("outbox_waiting", [waiting, oldest, dead], read, show)
