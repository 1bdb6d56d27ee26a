"""The event bus: Apache Kafka, or a file where there is no broker."""

from pathlib import Path

from ..settings import Settings
from .port import Bus

_FILE = "sqlite:///"
_KAFKA = "kafka://"


class BusSettings(Settings):
    """Where the bus is: `kafka://host:port,host:port`, or `sqlite:///path` of a file for development."""

    bus_url: str = "sqlite:///./var/bus.db"


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
