"""Event bus: Apache Kafka, or an embedded log file for development."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from ...settings import Listed, Settings
from .port import Bus

_FILE = "sqlite:///"
_KAFKA = "kafka://"
_SERVER = re.compile(r"(\[[0-9a-fA-F:]+\]|[^\s/,:\[\]]+)(:\d{1,5})?")
_Delay = Annotated[float, Field(ge=0, le=86_400)]


def _checked(url: str) -> str:
    servers = url.removeprefix(_KAFKA).split(",")
    valid = all(_SERVER.fullmatch(each) for each in servers) if url.startswith(_KAFKA) else url > _FILE
    if not (valid and url.startswith((_KAFKA, _FILE))):
        raise ValueError(f"a URL is written like {_KAFKA}host:9092,host:9092 or {_FILE}./bus.db")
    return url


class BusSettings(Settings):
    """Bus address: `kafka://host:port,host:port`, or `sqlite:///path` for the embedded bus.

    A failed event passes through one retry topic per entry of `bus_retry_delays` (seconds). If it still
    fails, it is dead-lettered.
    """

    bus_url: Annotated[str, AfterValidator(_checked)] = "sqlite:///./var/bus.db"
    bus_retry_delays: Listed[_Delay] = (5, 60, 600)


def open_bus(settings: BusSettings) -> Bus:
    """Return the bus at `bus_url`."""
    url = settings.bus_url
    if url.startswith(_FILE):
        from .embedded import EmbeddedBus

        return EmbeddedBus(Path(url.removeprefix(_FILE)))
    # Imported here: the Kafka client is large, and unused with the embedded bus.
    from .kafka import KafkaBus
    from .kafka.settings import KafkaSettings

    return KafkaBus(url.removeprefix(_KAFKA), KafkaSettings())
