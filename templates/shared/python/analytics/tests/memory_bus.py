"""In-memory bus, and events to publish to it."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec

from chassis.messaging.events import Event

from ..domain import ORDERS, VIEWS, Partition
from ..ports import Listener, Offsets


@dataclass(frozen=True, slots=True)
class Record:
    """A record in a partition."""

    partition: Partition
    offset: int
    value: bytes


def event(kind: str, time: datetime, data: object, event_id: UUID | None = None) -> bytes:
    """Return an event's envelope in JSON."""
    envelope = Event(
        id=event_id or uuid4(),
        type=kind,
        version=1,
        time=time,
        key="k",
        traceparent=None,
        data=msgspec.Raw(msgspec.json.encode(data)),
    )
    return msgspec.json.encode(envelope)


def order(
    kind: str, time: datetime, lines: Iterable[tuple[str, int, int]], event_id: UUID | None = None
) -> bytes:
    """Return an order event; `lines` are SKU, quantity and unit price."""
    items = [{"sku": s, "quantity": q, "unit_price": {"amount": p, "currency": "EUR"}} for s, q, p in lines]
    total = {"amount": sum(q * p for _, q, p in lines), "currency": "EUR"}
    return event(kind, time, {"user_id": uuid4(), "order": {"items": items, "total": total}}, event_id)


def view(time: datetime) -> bytes:
    """Return a ProductViewed event."""
    return event("ProductViewed", time, {"sku": "A"})


class MemoryBus:
    """Partitions of topics, shared by the members of one group; records before the `firsts` are deleted."""

    def __init__(self, partitions: int = 2) -> None:
        self.records: dict[Partition, list[bytes]] = {
            (topic, number): [] for topic in (ORDERS, VIEWS) for number in range(partitions)
        }
        self.firsts = dict.fromkeys(self.records, 0)
        self.committed: dict[Partition, int] = {}
        self.members: list[Member] = []

    def publish(self, topic: str, number: int, *values: bytes) -> None:
        """Append records to a partition."""
        self.records[topic, number].extend(values)

    async def consumer(self, group: str, topics: Sequence[str], listener: Listener) -> "Member":
        """Join the group."""
        self.members.append(Member(self, listener))
        return self.members[-1]

    async def reader(self, topics: Sequence[str]) -> "Reader":
        """Return a reader of all partitions."""
        return Reader(self)

    def share(self, member: "Member") -> set[Partition]:
        """Return the partitions that a member should have; none for a member that has been expelled."""
        if member not in self.members:
            return set()
        slot = self.members.index(member)
        return {each for n, each in enumerate(sorted(self.records)) if n % len(self.members) == slot}


class Member:
    """A member of the group."""

    def __init__(self, bus: MemoryBus, listener: Listener) -> None:
        self.bus = bus
        self.positions: dict[Partition, int] = {}
        self.unaware = False
        self._listener = listener

    async def poll(self, limit: int, seconds: float) -> list[Record]:
        """Rebalance, then return new records."""
        if not self.unaware:
            await self._rebalance()
        found: list[Record] = []
        for partition, position in self.positions.items():
            values = self.bus.records[partition][position : position + limit - len(found)]
            found += [Record(partition, offset, value) for offset, value in enumerate(values, position)]
            self.positions[partition] = position + len(values)
        if not found:
            await asyncio.sleep(0.01)
        return found

    async def _rebalance(self) -> None:
        share = self.bus.share(self)
        await self._leave(self.positions.keys() - share)
        taken = {partition for each in self.bus.members if each is not self for partition in each.positions}
        fresh = share - taken - self.positions.keys()
        if fresh:
            self.positions |= {each: self.bus.committed.get(each, 0) for each in fresh}
            await self._listener.assigned(fresh)

    async def _leave(self, partitions: Collection[Partition]) -> None:
        if not partitions:
            return
        if self in self.bus.members:
            self.bus.committed |= await self._listener.revoked(partitions)
        else:
            await self._listener.lost(partitions)
        for partition in partitions:
            del self.positions[partition]

    async def commit(self, offsets: Offsets) -> None:
        """Commit the offsets, unless the member has been expelled."""
        if self in self.bus.members:
            self.bus.committed |= offsets

    async def close(self) -> None:
        """Leave the group."""
        await self._leave(set(self.positions))
        if self in self.bus.members:
            self.bus.members.remove(self)


class Reader:
    """Reads all partitions from their first records."""

    def __init__(self, bus: MemoryBus) -> None:
        self._log = bus
        self._positions = dict(bus.firsts)

    async def read(self, limit: int) -> list[Record]:
        """Return the next records of one partition; an empty list at the end."""
        for partition, position in self._positions.items():
            values = self._log.records[partition][position : position + limit]
            if values:
                self._positions[partition] += len(values)
                return [Record(partition, offset, value) for offset, value in enumerate(values, position)]
        return []

    async def ends(self) -> dict[Partition, int]:
        """Return the number of records ever published to each partition."""
        return {partition: len(values) for partition, values in self._log.records.items()}

    async def close(self) -> None:
        """Do nothing."""


NOW = datetime(2026, 3, 1, 12, 30, 15, 500_000, tzinfo=UTC)


def ago(seconds: float) -> datetime:
    """Return the time `seconds` before `NOW`."""
    return NOW - timedelta(seconds=seconds)
