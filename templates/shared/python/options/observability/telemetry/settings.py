"""Settings of logs and traces."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from ..settings import HttpUrl, Settings

Level = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)]


class TelemetrySettings(Settings):
    """The log level, and where traces are sent (OTLP over HTTP); without an endpoint, nothing is traced."""

    log_level: Level = "INFO"
    otel_exporter_otlp_endpoint: HttpUrl | None = None
    otel_service_name: str = "shop"
