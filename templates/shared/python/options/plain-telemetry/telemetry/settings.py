"""Settings of logs."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from ..settings import Settings

Level = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)]


class TelemetrySettings(Settings):
    """The log level."""

    log_level: Level = "INFO"
