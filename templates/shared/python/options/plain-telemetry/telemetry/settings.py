"""How much the program tells about itself."""

from typing import Literal

from ..settings import Settings


class TelemetrySettings(Settings):
    """How much is logged."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
