"""Instrumentation of the application: metrics, traces and logs of retries."""

from fastapi import FastAPI
from starlette.types import ASGIApp

from ..serving.program import MetricSources
from . import retry_logs
from .metrics import Metrics
from .settings import TelemetrySettings
from .traces import start_tracing


def instrument(app: FastAPI, settings: TelemetrySettings, metric_sources: MetricSources) -> ASGIApp:
    """Add `/metrics` to `app` and return it with metrics and, if a collector is configured, with traces."""
    retry_logs.install()
    metrics = Metrics(metric_sources)
    app.include_router(metrics.router())
    with_metrics = metrics.measure(app)
    if not settings.otel_exporter_otlp_endpoint:
        return with_metrics
    return start_tracing(with_metrics, settings, metric_sources.database)
