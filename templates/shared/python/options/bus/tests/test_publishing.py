"""The publishing relay: from the outbox to the bus."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import pytest

from ....db.database import Database
from ....testing import create_tables
from ...outbox import Backlog
from ..envelope import event_of
from ..port import Bus, BusUnavailable, Message, MessagesRefused
from ..publishing import PublishingRelay
from .members import member_of
from .shop import metadata, outbox, until

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@dataclass(frozen=True)
class Fact:
    """A payload for events."""

    number: int
    padding: str = ""


@pytest.fixture(autouse=True)
async def _tables(database: Database) -> None:
    await create_tables(database, metadata)


async def store(database: Database, key: str, *facts: Fact) -> None:
    """Append events to the outbox."""
    async with database.transaction() as transaction:
        for fact in facts:
            await outbox.append(transaction, "Counted", key, fact, version=2)


async def backlog(database: Database) -> Backlog:
    """Return the backlog of the outbox."""
    async with database.reading() as connection:
        return await outbox.backlog(connection)


async def drain(relay: PublishingRelay) -> None:
    """Publish until no event is due."""
    while await relay.deliver_due():
        pass


async def test_stored_events_are_published_unchanged_and_in_order(
    bus: Bus, database: Database, topic: str, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{type(outbox).__module__}.traceparent", lambda: TRACE)
    await store(database, "a", Fact(1), Fact(2), Fact(3))
    await store(database, "b", Fact(4))
    await drain(PublishingRelay(database, outbox, bus.producer, topic))
    assert await backlog(database) == Backlog(0, 0)
    async with member_of(bus, group, topic) as member:
        await member.until(4)
    events = [event_of(record) for record in member.records if record.key == "a"]
    assert [msgspec.json.decode(event.data)["number"] for event in events] == [1, 2, 3]
    first = events[0]
    assert (first.type, first.version, first.key, first.traceparent) == ("Counted", 2, "a", TRACE)
    headers = next(record.headers for record in member.records if record.key == "a")
    assert headers == {"id": str(first.id), "type": "Counted", "version": "2", "traceparent": TRACE}


async def test_a_batch_is_published_in_one_call(database: Database) -> None:
    batches: list[list[str]] = []

    class Producer:
        async def publish(self, messages: Sequence[Message]) -> None:
            batches.append([message.key for message in messages])

    for key in "abc":
        await store(database, key, Fact(1))
    await drain(PublishingRelay(database, outbox, Producer(), "t"))
    assert batches == [["a", "b", "c"]]


async def test_the_relay_connects_before_the_first_event(database: Database) -> None:
    batches: list[Sequence[Message]] = []

    class Producer:
        async def publish(self, messages: Sequence[Message]) -> None:
            batches.append(messages)

    running = asyncio.create_task(PublishingRelay(database, outbox, Producer(), "t").run())
    await until(lambda: bool(batches))
    running.cancel()
    assert batches == [[]]


async def test_events_wait_while_the_bus_is_unavailable(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Producer:
        def __init__(self) -> None:
            self.unavailable = True
            self.published: list[str] = []

        async def publish(self, messages: Sequence[Message]) -> None:
            if self.unavailable:
                raise BusUnavailable("no broker")
            self.published += [message.key for message in messages]

    monkeypatch.setattr(f"{PublishingRelay.__mro__[1].__module__}.POLL_SECONDS", 0)
    producer = Producer()
    relay = PublishingRelay(database, outbox, producer, "t")
    await store(database, "a", Fact(1))
    for _ in range(20):
        assert await relay.deliver_due() == 0
    assert await backlog(database) == Backlog(1, 0)
    producer.unavailable = False
    await drain(relay)
    assert producer.published == ["a"]
    assert await backlog(database) == Backlog(0, 0)


async def test_a_refused_event_fails_alone(database: Database) -> None:
    class Producer:
        async def publish(self, messages: Sequence[Message]) -> None:
            too_large = [at for at, message in enumerate(messages) if len(message.value) > 1000]
            if too_large:
                raise MessagesRefused(dict.fromkeys(too_large, "too large"))

    await store(database, "a", Fact(1, "x" * 1000))
    await store(database, "b", Fact(2))
    await drain(PublishingRelay(database, outbox, Producer(), "t"))
    async with database.reading() as connection:
        (row,) = await connection.execute(outbox.table.select())
    assert (row.key, row.attempts) == ("a", 1)
