"""The event bus: Apache Kafka, or a file where there is no broker."""

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_settings import NoDecode

from ..settings import Settings
from .port import Bus

_FILE = "sqlite:///"
_KAFKA = "kafka://"


def _split(text: object) -> object:
    return text.split(",") if isinstance(text, str) else text


class BusSettings(Settings):
    """Where the bus is: `kafka://host:port,host:port`, or `sqlite:///path` of a file for development.

    An event that fails waits for each of the `bus_retry_delays` in turn, in seconds, and is given up then.
    """

    bus_url: str = "sqlite:///./var/bus.db"
    bus_retry_delays: Annotated[tuple[float, ...], NoDecode, BeforeValidator(_split)] = (5, 60, 600)


def open_bus(settings: BusSettings) -> Bus:
    """Return the bus; raise `ValueError` for a URL of another kind."""
    url = settings.bus_url
    if url.startswith(_FILE):
        from .embedded import EmbeddedBus

        return EmbeddedBus(Path(url.removeprefix(_FILE)))
    if url.startswith(_KAFKA):
        # The client is a large library, and of no use without a broker.
        from .kafka import KafkaBus
        from .kafka.settings import KafkaSettings

        return KafkaBus(url.removeprefix(_KAFKA), KafkaSettings())
    raise ValueError(f"BUS_URL must start with {_FILE} or {_KAFKA}, unlike {url!r}")
