"""Where telemetry goes."""

from typing import Literal

from ..settings import Settings


class TelemetrySettings(Settings):
    """How much is logged, and where traces are sent (OTLP over HTTP; without an endpoint there are none)."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    otel_exporter_otlp_endpoint: str | None = None
    otel_service_name: str = "shop"
