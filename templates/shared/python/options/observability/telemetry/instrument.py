"""Measuring and tracing the application."""

from fastapi import FastAPI
from starlette.types import ASGIApp

from ..serving.program import Observed
from .metrics import Metrics
from .settings import TelemetrySettings
from .traces import start_tracing


def instrument(app: FastAPI, settings: TelemetrySettings, observed: Observed) -> ASGIApp:
    """Add `/metrics` to `app` and return it measured and, if there is a collector, traced."""
    metrics = Metrics(observed)
    app.include_router(metrics.router())
    measured = metrics.measure(app)
    if not settings.otel_exporter_otlp_endpoint:
        return measured
    return start_tracing(measured, settings, observed.database)
