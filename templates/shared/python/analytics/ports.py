"""What analytics needs from elsewhere."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from ..chassis.events import Event
from .domain import Partition

# By the bus's own partitions, which are equal to ours.
Offsets = Mapping[Any, int]


class Record(Protocol):
    """An event in a partition, at an offset of its own."""

    @property
    def partition(self) -> Partition: ...

    @property
    def offset(self) -> int: ...

    @property
    def value(self) -> bytes:
        """The event's envelope as JSON."""
        ...


class Listener(Protocol):
    """What is told when a group shares its partitions anew."""

    async def assigned(self, partitions: Collection[Any]) -> None:
        """Expect records of these, too."""
        ...

    async def revoked(self, partitions: Collection[Any]) -> Offsets:
        """Finish with these; what is returned is committed before another member gets them."""
        ...

    async def lost(self, partitions: Collection[Any]) -> None:
        """Drop these: another member may have them already."""
        ...


class Consumer(Protocol):
    """One member of a group; it tells its listener only while it is polled or closed."""

    async def poll(self, limit: int, seconds: float) -> Sequence[Record]:
        """Return up to `limit` records as soon as there are any, or none after `seconds`."""
        ...

    async def commit(self, offsets: Offsets) -> None:
        """Let the group's next owner of each partition begin there."""
        ...

    async def close(self) -> None:
        """Leave the group."""
        ...


class Reader(Protocol):
    """Reads whole topics from their first record on."""

    async def read(self, limit: int) -> Sequence[Record]:
        """Return the next records; none if it has read all that there is."""
        ...

    async def close(self) -> None:
        """Stop."""
        ...


class Bus(Protocol):
    """Where the shop's events are."""

    async def consumer(self, group: str, topics: Sequence[str], listener: Listener) -> Consumer:
        """Become a member of the group; a partition begins where the group has committed, or at its start."""
        ...

    async def reader(self, topics: Sequence[str]) -> Reader:
        """Read the topics from the start, beside all groups."""
        ...


class Publisher(Protocol):
    """Brings events to a topic."""

    async def publish(self, topic: str, event: Event) -> None:
        """Return when the event is stored for good; raise if that does not happen in time."""
        ...


class Limit(Protocol):
    """A rule of rate limiting."""

    async def hit(self, subject: str) -> None:
        """Count a request of `subject`; raise the problem `too-many-requests` when it is one too many."""
        ...
