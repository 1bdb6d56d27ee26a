"""Where telemetry goes."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from ..settings import Settings

Level = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)]


class TelemetrySettings(Settings):
    """How much is logged, and where traces are sent (OTLP over HTTP; without an endpoint there are none)."""

    log_level: Level = "INFO"
    otel_exporter_otlp_endpoint: str | None = None
    otel_service_name: str = "shop"
