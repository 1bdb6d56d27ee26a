"""Metrics in the Prometheus text format."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from functools import partial

from fastapi import APIRouter, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..clock import now
from ..messaging.outbox import Backlog
from ..serving.program import GaugeSource, MetricSources
from . import counters

log = logging.getLogger(__name__)

BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
UNMATCHED = "unmatched"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OTHER = "_OTHER"
"""The method of a request with any other one, as OpenTelemetry names it."""
# Short, because Prometheus waits for all gauges of a scrape.
GAUGE_TIMEOUT_SECONDS = 1.0


class Metrics:
    """Measures requests as they pass, and reads all other metrics when Prometheus scrapes them."""

    def __init__(self, metric_sources: MetricSources) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "Time from the request's head to the end of the response.",
            ["method", "route", "status"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._in_progress = self._gauge("http_requests_in_progress", "Requests currently being served.")
        pool = self._gauge("database_connections", "Connections in the pool.", "state")
        if metric_sources.database is not None:
            usage = metric_sources.database.connections.usage
            pool.labels("in_use").set_function(lambda: usage().in_use)
            pool.labels("idle").set_function(lambda: usage().idle)
        fetches = self._gauge("cache_fetches", "Fetches since startup, by the source of the entry.", "source")
        if metric_sources.cache is not None:
            outcomes = metric_sources.cache.outcomes
            for source in outcomes:
                fetches.labels(source).set_function(partial(outcomes.__getitem__, source))
        self._readings = [
            _Reading(source, self._gauge(source.name, source.help, source.label))
            for source in (*metric_sources.gauge_sources, *_outbox_gauges(metric_sources))
        ]

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
                # Use the route template and known methods: what clients write has unbounded cardinality.
                route = getattr(scope.get("route"), "path", UNMATCHED)
                method = scope["method"] if scope["method"] in METHODS else OTHER
                self._seconds.labels(method, route, status).observe(seconds)

        return with_metrics

    def router(self) -> APIRouter:
        """Return the endpoint that Prometheus scrapes."""
        routes = APIRouter(tags=["operations"])

        @routes.get("/metrics", include_in_schema=False)
        async def metrics() -> Response:
            await asyncio.gather(*(reading.refresh() for reading in self._readings))
            text = generate_latest(self._registry) + generate_latest(counters.REGISTRY)
            return Response(text, media_type=CONTENT_TYPE_LATEST)

        return routes

    def _gauge(self, name: str, help: str, *labels: str) -> Gauge:
        return Gauge(name, help, labels, registry=self._registry)


class _Reading:
    """A gauge that is read when Prometheus scrapes; if that takes too long, it has no values."""

    def __init__(self, source: GaugeSource, gauge: Gauge) -> None:
        self._source = source
        self._gauge = gauge
        self._task: asyncio.Task[Mapping[str, float]] | None = None

    async def refresh(self) -> None:
        # A slow read continues, and the next scrape may get its result.
        task = self._task = self._task or asyncio.create_task(self._source.read())
        done, _ = await asyncio.wait({task}, timeout=GAUGE_TIMEOUT_SECONDS)
        self._gauge.clear()
        if not done:
            log.warning("reading the gauge %s timed out", self._source.name)
            return
        self._task = None
        if error := task.exception():
            log.warning("reading the gauge %s failed: %r", self._source.name, error)
            return
        for label, value in task.result().items():
            self._gauge.labels(label).set(value)


def _outbox_gauges(metric_sources: MetricSources) -> list[GaugeSource]:
    database = metric_sources.database
    if database is None or not metric_sources.outboxes:
        return []

    def gauge(name: str, help: str, value: Callable[[Backlog], float]) -> GaugeSource:
        async def read() -> Mapping[str, float]:
            async with database.reading() as connection:
                return {
                    str(outbox.table.schema): value(await outbox.backlog(connection))
                    for outbox in metric_sources.outboxes
                }

        return GaugeSource(name, help, "outbox", read)

    return [
        gauge("outbox_waiting", "Events not yet delivered.", lambda backlog: backlog.waiting),
        gauge("outbox_oldest_seconds", "Age of the oldest event not yet delivered.", _age),
        gauge("outbox_dead_letters", "Events that could not be delivered.", lambda backlog: backlog.dead),
    ]


def _age(backlog: Backlog) -> float:
    return (now() - backlog.oldest).total_seconds() if backlog.oldest else 0.0
