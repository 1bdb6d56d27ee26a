"""The event bus as the rest of the program sees it: a log of records in topics, cut into partitions.

Records of one key lie in one partition, in the order in which they were published. The members of a consumer
group share the partitions of their topics: at any time, each partition belongs to one member at most.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec


class BusUnavailable(Exception):
    """The bus did not answer in time; it may have stored what it was given, or not."""


class MessagesRefused(Exception):
    """The bus will never take some messages, too large ones for instance; it has stored all others."""

    def __init__(self, reasons: Mapping[int, str]) -> None:
        """`reasons` by the messages' places in what was published."""
        super().__init__("; ".join(sorted(set(reasons.values()))))
        self.reasons = reasons


class Partition(NamedTuple):
    """One part of a topic; numbers start at 0."""

    topic: str
    number: int


Offsets = Mapping[Partition, int]


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be published."""

    topic: str
    key: str
    value: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Record(msgspec.Struct, frozen=True):
    """What was published; `offset` counts the records of its partition, `time` is when it was stored.

    A struct is made in a third of a dataclass's time, and there may be tens of thousands a second.
    """

    partition: Partition
    offset: int
    key: str
    value: bytes
    headers: Mapping[str, str]
    time: datetime


@dataclass(frozen=True, slots=True)
class Topic:
    """How a topic is made; records older than `retention_hours` may be dropped, none ever for None."""

    name: str
    partitions: int
    retention_hours: int | None = None


class Listener(Protocol):
    """What is told when a group shares its partitions anew."""

    async def assigned(self, partitions: Collection[Partition]) -> None:
        """Expect records of these, too."""
        ...

    async def revoked(self, partitions: Collection[Partition]) -> Offsets:
        """Finish with these; what is returned is committed before another member gets them."""
        ...

    async def lost(self, partitions: Collection[Partition]) -> None:
        """Drop these: another member may have them already."""
        ...


class Producer(Protocol):
    """Publishes."""

    async def publish(self, messages: Sequence[Message]) -> None:
        """Return when all are stored for good; raise `BusUnavailable` or `MessagesRefused`.

        No messages mean that some will come: whoever has to connect begins with it, and does not wait.
        """
        ...


class Consumer(Protocol):
    """One member of a group. It must be polled again and again, or its partitions go to others.

    A group that has not committed anything for a partition starts at its first record. Every method may raise
    `BusUnavailable`.
    """

    async def poll(self, limit: int, seconds: float) -> list[Record]:
        """Return up to `limit` records as soon as there are any, or none after `seconds`."""
        ...

    async def commit(self, offsets: Offsets) -> None:
        """Store, for the group, the offset of the next record to be handled of each partition.

        What belongs to another member by now is passed over.
        """
        ...

    async def pause(self, partitions: Collection[Partition]) -> None:
        """Return no records of these until they are resumed."""
        ...

    async def resume(self, partitions: Collection[Partition]) -> None:
        """Return records of these again, none left out."""
        ...

    async def close(self) -> None:
        """Leave the group: the listener is told, its offsets are committed, and others take over at once."""
        ...


class Reader(Protocol):
    """Reads whole topics from their first record on, beside all groups."""

    async def read(self, limit: int) -> list[Record]:
        """Return the next records; an empty list means that it has read all that is there."""
        ...

    async def close(self) -> None:
        """Stop."""
        ...


class Bus(Protocol):
    """A connection to the bus. Every method may raise `BusUnavailable`."""

    @property
    def producer(self) -> Producer:
        """The one producer of this process."""
        ...

    async def consumer(self, group: str, topics: Sequence[str], listener: Listener) -> Consumer:
        """Become a member of the group."""
        ...

    async def reader(self, topics: Sequence[str]) -> Reader:
        """Read the topics from the start."""
        ...

    async def create(self, topics: Iterable[Topic]) -> None:
        """Make those topics that are not there yet."""
        ...

    async def lag(self, group: str, topics: Sequence[str]) -> dict[Partition, int]:
        """Return how many records of each partition the group has not committed."""
        ...

    async def ping(self) -> None:
        """Raise unless the bus answers."""
        ...

    async def close(self) -> None:
        """Close every connection; nothing published is lost."""
        ...
