"""Several processes in one group under load: no event is lost or reordered, none takes effect twice."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from ....db.database import Database
from ....testing import create_tables
from ..port import Bus, Topic
from ..retries import RetryPath
from .shop import Counting, event, metadata, publish, until

KEYS = 20
EVENTS = 600


class Workers:
    """Processes of one consumer group."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments
        self.running: list[asyncio.subprocess.Process] = []

    async def start(self, number: int = 1) -> None:
        """Start more processes."""
        for _ in range(number):
            self.running.append(
                await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", f"{__package__}.consumer_process", *self._arguments),
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                )
            )

    async def end(self, how: signal.Signals) -> int:
        """Signal the oldest process; return its exit status."""
        process = self.running.pop(0)
        process.send_signal(how)
        return await asyncio.wait_for(process.wait(), 30)


@pytest.fixture
async def counting(database: Database) -> Counting:
    """An event handler with empty tables, for access to the database."""
    await create_tables(database, metadata)
    return Counting(database)


@asynccontextmanager
async def workers_of(*arguments: str) -> AsyncIterator[Workers]:
    """Run processes that are killed when the block ends."""
    workers = Workers(*arguments)
    try:
        yield workers
    finally:
        while workers.running:
            await workers.end(signal.SIGKILL)


async def publish_all(bus: Bus, topic: str) -> None:
    """Publish all events in batches, some of them twice."""
    for start in range(0, EVENTS, 50):
        events = [event(f"key-{number % KEYS}", number) for number in range(start, start + 50)]
        await publish(bus, topic, *events)
        await publish(bus, topic, *events[-5:])
        await asyncio.sleep(0.02)


async def check(bus: Bus, counting: Counting, group: str, topic: str) -> None:
    """Wait until the group has handled all events, then verify what it stored."""

    async def is_finished() -> bool:
        return sum((await bus.lag(group, [topic, f"{topic}.{group}.retry-1"])).values()) == 0

    await until(is_finished)
    stored = await counting.stored()
    assert sorted(number for _, number in stored) == list(range(EVENTS))
    for key in {key for key, _ in stored}:
        numbers = [number for each, number in stored if each == key]
        assert numbers == sorted(numbers)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
async def test_members_join_and_leave_under_load(
    connect_bus: Callable[[], Bus],
    bus_url: str,
    database_url: str,
    counting: Counting,
    topic: str,
    group: str,
    how: signal.Signals,
) -> None:
    bus = connect_bus()
    await bus.create(RetryPath(group, [topic], (0.3,)).topics(4))
    async with workers_of(bus_url, database_url, group, topic) as workers:
        await workers.start()
        publishing = asyncio.create_task(publish_all(bus, topic))
        await counting.until_stored(50)
        await workers.start(2)
        await counting.until_stored(150)
        status = await workers.end(how)
        assert status == (-signal.SIGKILL if how is signal.SIGKILL else 0)
        await counting.until_stored(300)
        await workers.start()
        await publishing
        await check(bus, counting, group, topic)


async def test_a_topic_may_have_more_partitions_than_members(
    connect_bus: Callable[[], Bus], bus_url: str, database_url: str, counting: Counting, group: str
) -> None:
    bus = connect_bus()
    topic = f"wide-{group}"
    await bus.create([Topic(topic, 12), *RetryPath(group, [topic], (0.3,)).topics(12)])
    async with workers_of(bus_url, database_url, group, topic) as workers:
        await workers.start(2)
        await publish_all(bus, topic)
        await check(bus, counting, group, topic)
