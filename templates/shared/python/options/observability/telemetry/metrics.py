"""Metrics in the Prometheus text format."""

import asyncio
import logging
import time
from collections.abc import Mapping

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

from ..serving.program import GaugeSource, MetricSources

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
        self._waiting = Gauge(
            "outbox_waiting", "Events not yet delivered.", ["outbox"], registry=self._registry
        )
        self._dead = Gauge(
            "outbox_dead_letters", "Events that could not be delivered.", ["outbox"], registry=self._registry
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

        self._gauges = [_Gauge(source, self._registry) for source in metric_sources.gauge_sources]

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
        for gauge in self._gauges:
            await gauge.read()
        if metric_sources.cache is not None:
            for source, number in metric_sources.cache.outcomes.items():
                self._fetches.labels(source).set(number)
        if metric_sources.database is None:
            return
        usage = metric_sources.database.connections.usage()
        self._pool.labels("in_use").set(usage.in_use)
        self._pool.labels("idle").set(usage.idle)
        async with metric_sources.database.reading() as connection:
            for outbox in metric_sources.outboxes:
                backlog = await outbox.backlog(connection)
                self._waiting.labels(outbox.table.schema).set(backlog.waiting)
                self._dead.labels(outbox.table.schema).set(backlog.dead)


class _Gauge:
    """Exposes the current values of a gauge source; if reading them takes too long, no values at all."""

    def __init__(self, source: GaugeSource, registry: CollectorRegistry) -> None:
        self._source = source
        self._gauge = Gauge(source.name, source.help, [source.label], registry=registry)
        self._task: asyncio.Task[Mapping[str, float]] | None = None

    async def read(self) -> None:
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
