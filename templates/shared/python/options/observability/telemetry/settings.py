"""Settings of logs and traces."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator

from ..settings import HttpUrl, Settings

Level = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)]


class TelemetrySettings(Settings):
    """The log level, and where traces go: to an OTLP endpoint (over HTTP), or else to files in a folder.

    Without either, nothing is traced. The folder is for development.
    """

    log_level: Level = "INFO"
    otel_exporter_otlp_endpoint: HttpUrl | None = None
    traces_folder: Path | None = None
    otel_service_name: str = "shop"
