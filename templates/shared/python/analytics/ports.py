"""What analytics needs from elsewhere."""

from collections.abc import Collection, Sequence
from typing import Protocol

from ..chassis.events import Event
from .domain import Partition


class Record(Protocol):
    """An event as it lies in a partition of a topic, at an offset of its own."""

    @property
    def topic(self) -> str: ...

    @property
    def partition(self) -> int: ...

    @property
    def offset(self) -> int: ...

    @property
    def value(self) -> bytes:
        """The envelope as JSON."""
        ...


class Consumer(Protocol):
    """Reads topics as a member of a group, which shares their partitions out among its members."""

    def assigned(self) -> Collection[Partition]:
        """Return the partitions that are this member's now."""
        ...

    async def poll(self, most: int, seconds: float) -> Sequence[Record]:
        """Return up to `most` records in order per partition; none after `seconds` without any."""
        ...

    async def seek(self, partition: Partition, offset: int) -> None:
        """Read the partition from `offset` on, or from the oldest record there is after it."""
        ...


class Publisher(Protocol):
    """Brings events to a topic."""

    async def publish(self, topic: str, event: Event) -> None:
        """Return when the event is stored for good; raise `OSError` if that does not happen in time."""
        ...


class Limit(Protocol):
    """A rule of rate limiting."""

    async def hit(self, subject: str) -> None:
        """Count a request of `subject`; raise the problem `too-many-requests` when it is one too many."""
        ...
