"""Event bus: Apache Kafka, or an embedded log file for development."""

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_settings import NoDecode

from ...settings import Settings
from .port import Bus

_FILE = "sqlite:///"
_KAFKA = "kafka://"


def _split(text: object) -> object:
    return text.split(",") if isinstance(text, str) else text


class BusSettings(Settings):
    """Bus address: `kafka://host:port,host:port`, or `sqlite:///path` for the embedded bus.

    A failed event passes through one retry topic per entry of `bus_retry_delays` (seconds). If it still
    fails, it is dead-lettered.
    """

    bus_url: str = "sqlite:///./var/bus.db"
    bus_retry_delays: Annotated[tuple[float, ...], NoDecode, BeforeValidator(_split)] = (5, 60, 600)


def open_bus(settings: BusSettings) -> Bus:
    """Return the bus at `bus_url`; raise `ValueError` if its scheme is unknown."""
    url = settings.bus_url
    if url.startswith(_FILE):
        from .embedded import EmbeddedBus

        return EmbeddedBus(Path(url.removeprefix(_FILE)))
    if url.startswith(_KAFKA):
        # Imported here: the Kafka client is large, and unused with the embedded bus.
        from .kafka import KafkaBus
        from .kafka.settings import KafkaSettings

        return KafkaBus(url.removeprefix(_KAFKA), KafkaSettings())
    raise ValueError(f"BUS_URL must start with {_FILE} or {_KAFKA}; it is {url!r}")
