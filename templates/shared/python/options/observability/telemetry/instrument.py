"""Measuring and tracing the application."""

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.types import ASGIApp

from ..cache import Cache
from ..database import Database
from ..outbox import Outbox
from .metrics import Metrics
from .settings import TelemetrySettings
from .traces import start_tracing


def instrument(
    app: FastAPI, settings: TelemetrySettings, database: Database, cache: Cache, outboxes: Sequence[Outbox]
) -> ASGIApp:
    """Add `/metrics` to `app` and return it measured and, if there is a collector, traced."""
    metrics = Metrics(database, cache, outboxes)
    app.include_router(metrics.router())
    measured = metrics.measure(app)
    return start_tracing(measured, settings, database) if settings.otel_exporter_otlp_endpoint else measured
