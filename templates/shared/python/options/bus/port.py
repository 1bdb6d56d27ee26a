"""Event bus port: a log of records in topics, which are divided into partitions.

Records with the same key are in one partition, in the order in which they were published. The members of a
consumer group share the partitions of their topics: each partition belongs to at most one member at a time.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec


class BusUnavailable(Exception):
    """The bus did not respond in time; it may or may not have stored what was published."""


class MessagesRefused(Exception):
    """Some messages are rejected for good, for example because they are too large; all others are stored."""

    def __init__(self, reasons: Mapping[int, str]) -> None:
        """`reasons` by the index of the message in the published sequence."""
        super().__init__("; ".join(sorted(set(reasons.values()))))
        self.reasons = reasons


class Partition(NamedTuple):
    """One partition of a topic; numbers start at 0."""

    topic: str
    number: int


Offsets = Mapping[Partition, int]


@dataclass(frozen=True, slots=True)
class Message:
    """A message to publish."""

    topic: str
    key: str
    value: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Record(msgspec.Struct, frozen=True):
    """A stored message: `offset` is its index in the partition, `time` when it was stored.

    A msgspec struct, because tens of thousands may be created per second, and a dataclass takes three times
    as long.
    """

    partition: Partition
    offset: int
    key: str
    value: bytes
    headers: Mapping[str, str]
    time: datetime


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic to create; records older than `retention_hours` may be deleted (None keeps all)."""

    name: str
    partitions: int
    retention_hours: int | None = None


class Listener(Protocol):
    """Callbacks for changes of a group member's partitions."""

    async def assigned(self, partitions: Collection[Partition]) -> None:
        """Handle the assignment of additional partitions."""
        ...

    async def revoked(self, partitions: Collection[Partition]) -> Offsets:
        """Stop processing partitions; return the offsets to commit before another member gets them."""
        ...

    async def lost(self, partitions: Collection[Partition]) -> None:
        """Drop partitions, which may belong to another member already."""
        ...


class Producer(Protocol):
    """Publishes messages."""

    async def publish(self, messages: Sequence[Message]) -> None:
        """Return when all messages are stored durably; raise `BusUnavailable` or `MessagesRefused`.

        An empty sequence opens the connection in the background, so that the first message need not wait.
        """
        ...


class Consumer(Protocol):
    """One member of a consumer group. It must be polled continually, or it loses its partitions.

    A group without a committed offset for a partition starts at its first record. Every method may raise
    `BusUnavailable`.
    """

    async def poll(self, limit: int, seconds: float) -> list[Record]:
        """Return up to `limit` records as soon as there are any, or none after `seconds`."""
        ...

    async def commit(self, offsets: Offsets) -> None:
        """Store the group's next offset of each partition.

        Partitions that belong to another member by now are ignored.
        """
        ...

    async def pause(self, partitions: Collection[Partition]) -> None:
        """Return no records of these partitions until they are resumed."""
        ...

    async def resume(self, partitions: Collection[Partition]) -> None:
        """Return records of these partitions again, without gaps."""
        ...

    async def close(self) -> None:
        """Leave the group: call `Listener.revoked`, commit its offsets, and release the partitions."""
        ...


class Reader(Protocol):
    """Reads whole topics from their first records, outside any group."""

    async def read(self, limit: int) -> list[Record]:
        """Return the next records; an empty list means that the current end is reached."""
        ...

    async def ends(self) -> dict[Partition, int]:
        """Return the offset that the next record of each partition gets."""
        ...

    async def close(self) -> None:
        """Stop reading."""
        ...


class Bus(Protocol):
    """Connection to the bus. Every method may raise `BusUnavailable`."""

    @property
    def producer(self) -> Producer:
        """The process's only producer."""
        ...

    async def consumer(self, group: str, topics: Sequence[str], listener: Listener) -> Consumer:
        """Join the group."""
        ...

    async def reader(self, topics: Sequence[str]) -> Reader:
        """Return a reader of the topics, from their first records."""
        ...

    async def create(self, topics: Iterable[Topic]) -> None:
        """Create missing topics."""
        ...

    async def lag(self, group: str, topics: Sequence[str]) -> dict[Partition, int]:
        """Return how many records of each partition the group has not committed."""
        ...

    async def ping(self) -> None:
        """Raise unless the bus answers."""
        ...

    async def close(self) -> None:
        """Close all connections after flushing what was published."""
        ...
