"""Instrumentation of the application: metrics and traces."""

from fastapi import FastAPI
from starlette.types import ASGIApp

from ..serving.program import MetricSources
from .metrics import Metrics
from .settings import TelemetrySettings
from .traces import start_tracing


def instrument(app: FastAPI, settings: TelemetrySettings, metric_sources: MetricSources) -> ASGIApp:
    """Add `/metrics` to `app` and return it with metrics and, if they are configured, with traces."""
    metrics = Metrics(metric_sources)
    app.include_router(metrics.router())
    return start_tracing(metrics.measure(app), settings, metric_sources.database)
