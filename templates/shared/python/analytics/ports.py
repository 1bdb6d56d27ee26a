"""Ports of analytics: the event bus and rate limiting."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from chassis.messaging.events import Event

from .domain import Partition

# By partitions of the bus, which compare equal to those of this context.
Offsets = Mapping[Any, int]


class Record(Protocol):
    """An event record in a partition, at its offset."""

    @property
    def partition(self) -> Partition: ...

    @property
    def offset(self) -> int: ...

    @property
    def value(self) -> bytes:
        """The event's envelope in JSON."""
        ...


class Listener(Protocol):
    """Callbacks for changes of a group member's partitions."""

    async def assigned(self, partitions: Collection[Any]) -> None:
        """Handle the assignment of additional partitions."""
        ...

    async def revoked(self, partitions: Collection[Any]) -> Offsets:
        """Stop processing partitions; return the offsets to commit before another member gets them."""
        ...

    async def lost(self, partitions: Collection[Any]) -> None:
        """Drop partitions, which may belong to another member already."""
        ...


class Consumer(Protocol):
    """One member of a consumer group; it calls its listener only during `poll` and `close`."""

    async def poll(self, limit: int, seconds: float) -> Sequence[Record]:
        """Return up to `limit` records as soon as there are any, or none after `seconds`."""
        ...

    async def commit(self, offsets: Offsets) -> None:
        """Store the offset at which each partition's next owner starts."""
        ...

    async def close(self) -> None:
        """Leave the group."""
        ...


class Reader(Protocol):
    """Reads whole topics from their first records."""

    async def read(self, limit: int) -> Sequence[Record]:
        """Return the next records; an empty list at the current end."""
        ...

    async def ends(self) -> Offsets:
        """Return the offset that the next record of each partition gets."""
        ...

    async def close(self) -> None:
        """Stop reading."""
        ...


class Bus(Protocol):
    """Event bus of the shop."""

    async def consumer(self, group: str, topics: Sequence[str], listener: Listener) -> Consumer:
        """Join the group; a partition starts at the group's committed offset, or at its first record."""
        ...

    async def reader(self, topics: Sequence[str]) -> Reader:
        """Return a reader of the topics, from their first records, outside any group."""
        ...


class Publisher(Protocol):
    """Publishes events to topics."""

    async def publish(self, topic: str, event: Event) -> None:
        """Return when the event is stored durably; raise if that does not happen in time."""
        ...


class Limit(Protocol):
    """A rate limit."""

    async def hit(self, subject: str) -> None:
        """Count a request of `subject`; raise the problem `too-many-requests` if it exceeds the limit."""
        ...
