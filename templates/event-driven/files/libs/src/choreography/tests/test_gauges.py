"""Metrics of a consumer group."""

import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chassis.db.database import Database
from chassis.messaging.bus import BusSettings, open_bus
from chassis.messaging.bus.dead_letters import DeadLetterTimes
from chassis.messaging.bus.port import Bus, Message, Topic
from chassis.messaging.bus.tests.shop import Counting, consuming, event, metadata, publish, until
from chassis.testing import create_tables

from ..gauges import Member, group_gauge_sources

TOPIC, GROUP = "measured.v1", "counting"


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[Bus]:
    """An embedded bus with one topic."""
    bus = open_bus(BusSettings(bus_url=f"sqlite:///{tmp_path}/bus.db"))
    await bus.create([Topic(TOPIC, 4)])
    yield bus
    await bus.close()


async def test_group_metrics_report_lag_outcomes_and_dead_letters(bus: Bus, database: Database) -> None:
    await create_tables(database, metadata)
    counting = Counting(database)
    async with consuming(bus, database, GROUP, TOPIC, counting.handle) as dispatcher:
        member = Member(dispatcher, DeadLetterTimes(bus, [f"{TOPIC}.{GROUP}.dlq"]))
        gauge_sources = group_gauge_sources({GROUP: member})
        metrics = {source.name: source.read for source in gauge_sources}
        assert await metrics["bus_dead_letters"]() == {GROUP: 0}
        assert await metrics["bus_dead_letter_age_seconds"]() == {GROUP: 0}

        await publish(bus, TOPIC, event("key", 1), event("key", 2))
        await bus.producer.publish([Message(TOPIC, "key", b"{poison")])
        await until(lambda: dispatcher.counts.dead == 1)
        assert await metrics["bus_dead_letters"]() == {GROUP: 1}
        assert (await metrics["bus_dead_letter_age_seconds"]())[GROUP] > 0
        events = await metrics["bus_events"]()
        assert (events["handled"], events["failed"], events["dead"]) == (2, 1, 1)
    await publish(bus, TOPIC, event("key", 3))
    assert await metrics["bus_lag"]() == {GROUP: 1}


async def test_the_metrics_keep_no_contents_of_dead_letters(bus: Bus) -> None:
    topic, number, size = f"{TOPIC}.{GROUP}.dlq", 200, 10_000
    await bus.create([Topic(topic, 1)])
    await bus.producer.publish([Message(topic, "key", b"?" * size)] * number)
    times = DeadLetterTimes(bus, [topic])
    tracemalloc.start()
    try:
        assert await times.number() == number
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        await times.close()
    assert kept < number * size / 2
