"""How much the program tells about itself."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from ..settings import Settings

Level = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)]


class TelemetrySettings(Settings):
    """How much is logged."""

    log_level: Level = "INFO"
