"""Group members for tests."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager

from ..port import Bus, Consumer, Message, Offsets, Partition, Record

TIMEOUT_SECONDS = 30.0


class Member:
    """A group member that collects records and tracks its partitions."""

    def __init__(self) -> None:
        self.consumer: Consumer
        self.records: list[Record] = []
        self.held: set[Partition] = set()
        self.done: dict[Partition, int] = {}

    async def assigned(self, partitions: Collection[Partition]) -> None:
        """Add the partitions."""
        self.held |= set(partitions)

    async def revoked(self, partitions: Collection[Partition]) -> Offsets:
        """Remove the partitions; return the offsets to commit."""
        self.held -= set(partitions)
        return {each: self.done.pop(each) for each in partitions if each in self.done}

    async def lost(self, partitions: Collection[Partition]) -> None:
        """Remove the partitions."""
        self.held -= set(partitions)

    async def poll(self, seconds: float = 0.1) -> list[Record]:
        """Poll once and collect the records."""
        records = await self.consumer.poll(100, seconds)
        self.records += records
        self.done |= {record.partition: record.offset + 1 for record in records}
        return records

    async def until(self, number: int) -> list[str]:
        """Poll until there are `number` records; return their values."""
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while len(self.records) < number and time.monotonic() < deadline:
            await self.poll()
        return self.values

    async def until_held(self, number: int) -> None:
        """Poll until the member has `number` partitions."""
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while len(self.held) != number and time.monotonic() < deadline:
            await self.poll()
        assert len(self.held) == number

    @property
    def values(self) -> list[str]:
        """Values of the collected records, in order."""
        return [record.value.decode(errors="replace") for record in self.records]


@asynccontextmanager
async def member_of(bus: Bus, group: str, *topics: str) -> AsyncIterator[Member]:
    """Join the group during the block."""
    member = Member()
    member.consumer = await bus.consumer(group, topics, member)
    try:
        yield member
    finally:
        await member.consumer.close()


async def together(*members: Member, held: Sequence[int]) -> None:
    """Poll all members until they have the given numbers of partitions, in any order."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while sorted(len(each.held) for each in members) != sorted(held) and time.monotonic() < deadline:
        await asyncio.gather(*(each.poll() for each in members))
    assert sorted(len(each.held) for each in members) == sorted(held)


async def publish(bus: Bus, topic: str, key: str, *values: object) -> None:
    """Publish the values with one key."""
    await bus.producer.publish([Message(topic, key, str(value).encode()) for value in values])
