"""Members of a group, for tests."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager

from ..port import Bus, Consumer, Message, Offsets, Partition, Record

TIMEOUT_SECONDS = 30.0


class Member:
    """A consumer that keeps what it got, and remembers which partitions it has."""

    def __init__(self) -> None:
        self.consumer: Consumer
        self.records: list[Record] = []
        self.held: set[Partition] = set()
        self.done: dict[Partition, int] = {}

    async def assigned(self, partitions: Collection[Partition]) -> None:
        """Note them."""
        self.held |= set(partitions)

    async def revoked(self, partitions: Collection[Partition]) -> Offsets:
        """Forget them, and say what was done."""
        self.held -= set(partitions)
        return {each: self.done.pop(each) for each in partitions if each in self.done}

    async def lost(self, partitions: Collection[Partition]) -> None:
        """Forget them."""
        self.held -= set(partitions)

    async def poll(self, seconds: float = 0.1) -> list[Record]:
        """Poll once and keep what comes."""
        records = await self.consumer.poll(100, seconds)
        self.records += records
        self.done |= {record.partition: record.offset + 1 for record in records}
        return records

    async def until(self, number: int) -> list[str]:
        """Poll until there are so many records; return their values."""
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while len(self.records) < number and time.monotonic() < deadline:
            await self.poll()
        return self.values

    async def until_held(self, number: int) -> None:
        """Poll until the member has so many partitions."""
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while len(self.held) != number and time.monotonic() < deadline:
            await self.poll()
        assert len(self.held) == number

    @property
    def values(self) -> list[str]:
        """What it got, in order."""
        return [record.value.decode(errors="replace") for record in self.records]


@asynccontextmanager
async def member_of(bus: Bus, group: str, *topics: str) -> AsyncIterator[Member]:
    """A member of the group, which leaves in the end."""
    member = Member()
    member.consumer = await bus.consumer(group, topics, member)
    try:
        yield member
    finally:
        await member.consumer.close()


async def together(*members: Member, held: Sequence[int]) -> None:
    """Poll all until they have so many partitions, in any order."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while sorted(len(each.held) for each in members) != sorted(held) and time.monotonic() < deadline:
        await asyncio.gather(*(each.poll() for each in members))
    assert sorted(len(each.held) for each in members) == sorted(held)


async def publish(bus: Bus, topic: str, key: str, *values: object) -> None:
    """Publish the values under one key."""
    await bus.producer.publish([Message(topic, key, str(value).encode()) for value in values])
