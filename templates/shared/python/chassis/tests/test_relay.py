"""Tests of the outbox relay and the inbox, on the test's database."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from ..clock import now
from ..db.database import Database, schema_of
from ..messaging import relay as module
from ..messaging.events import Event
from ..messaging.inbox import Inbox
from ..messaging.outbox import Backlog, Outbox
from ..messaging.relay import DeliveryUnavailable, Relay
from ..tasks import cancel
from ..testing import create_tables

metadata = schema_of("chassis_test")
outbox = Outbox(metadata)
inbox = Inbox(metadata, "test")


@dataclass(frozen=True)
class Payload:
    """The payload of an event."""

    number: int


class Seen(list[tuple[str, int]]):
    """Records events, and fails for those whose numbers are in `failing`."""

    def __init__(self) -> None:
        self.failing: set[int] = set()
        self.batches: list[int] = []

    async def handle(self, events: Sequence[Event]) -> None:
        """Record the keys and numbers of the events, all or none."""
        numbers = [msgspec.json.decode(event.data, type=Payload).number for event in events]
        self.batches.append(len(events))
        if self.failing.intersection(numbers):
            raise ConnectionError("no")
        self.extend((event.key, number) for event, number in zip(events, numbers, strict=True))


@pytest.fixture(autouse=True)
async def _tables(database: Database) -> None:
    await create_tables(database, metadata)


async def store(database: Database, key: str, *numbers: int) -> None:
    """Add events to the outbox."""
    async with database.transaction() as transaction:
        for number in numbers:
            await outbox.append(transaction, "Counted", key, Payload(number))


async def backlog(database: Database) -> Backlog:
    """Return the outbox's backlog."""
    async with database.reading() as connection:
        return await outbox.backlog(connection)


async def make_due(database: Database) -> None:
    """Make all events due."""
    async with database.transaction() as transaction:
        await transaction.execute(sa.update(outbox.table).values(due_at=now() - timedelta(seconds=1)))


async def drain(relay: Relay) -> None:
    """Deliver until no event is due."""
    while await relay.deliver_due():
        pass


async def test_events_are_delivered_in_order_and_deleted(database: Database) -> None:
    seen = Seen()
    await store(database, "a", 1, 2, 3)
    await store(database, "b", 4)
    await drain(Relay(database, outbox, [seen.handle]))
    assert [number for key, number in seen if key == "a"] == [1, 2, 3]
    assert ("b", 4) in seen
    assert await backlog(database) == Backlog(0, 0)


async def test_an_event_that_was_rolled_back_is_never_delivered(database: Database) -> None:
    with suppress(ZeroDivisionError):
        async with database.transaction() as transaction:
            await outbox.append(transaction, "Counted", "a", Payload(1))
            raise ZeroDivisionError
    assert await backlog(database) == Backlog(0, 0)


async def test_a_failing_event_delays_only_its_own_key(database: Database) -> None:
    seen = Seen()
    seen.failing = {1}
    relay = Relay(database, outbox, [seen.handle])
    await store(database, "a", 1, 2)
    await store(database, "b", 3)
    await drain(relay)
    assert seen == [("b", 3)]
    seen.failing.clear()
    await make_due(database)
    await drain(relay)
    assert seen == [("b", 3), ("a", 1), ("a", 2)]


async def test_events_of_a_batch_are_handled_in_one_call_and_alone_if_it_fails(database: Database) -> None:
    seen = Seen()
    relay = Relay(database, outbox, [seen.handle])
    for number, key in enumerate("abcd"):
        await store(database, key, number)
    await drain(relay)
    assert seen.batches == [4]

    seen.clear()
    seen.failing = {2}
    for number, key in enumerate("abcd"):
        await store(database, key, number)
    await drain(relay)
    assert seen.batches == [4, 4, 1, 1, 1, 1]
    assert sorted(seen) == [("a", 0), ("b", 1), ("d", 3)]
    assert await backlog(database) == Backlog(1, 0)


async def test_an_event_is_delivered_once_each_handler_has_handled_it(database: Database) -> None:
    first, second = Seen(), Seen()
    second.failing = {1}
    relay = Relay(database, outbox, [first.handle, second.handle])
    await store(database, "a", 1)
    await drain(relay)
    assert (list(first), list(second)) == ([("a", 1)], [])
    assert await backlog(database) == Backlog(1, 0)
    second.failing.clear()
    await make_due(database)
    await drain(relay)
    assert list(second) == [("a", 1)]
    assert await backlog(database) == Backlog(0, 0)


async def test_an_event_that_keeps_failing_becomes_a_dead_letter(database: Database) -> None:
    seen = Seen()
    seen.failing = {1}
    relay = Relay(database, outbox, [seen.handle])
    await store(database, "a", 1, 2)
    for _ in range(module.MAX_ATTEMPTS):
        await make_due(database)
        await relay.deliver_due()
    await drain(relay)
    assert seen == [("a", 2)]
    assert await backlog(database) == Backlog(0, 1)

    seen.failing.clear()
    async with database.reading() as connection:
        (letter,) = await outbox.dead(connection)
    async with database.transaction() as transaction:
        assert await outbox.redrive(transaction, letter.id)
        assert not await outbox.redrive(transaction, letter.id)
    await make_due(database)
    await drain(relay)
    assert seen == [("a", 2), ("a", 1)]


async def test_an_event_whose_handler_waits_is_no_dead_letter(database: Database) -> None:
    seen = Seen()
    down = True

    async def wait_for_one(events: Sequence[Event]) -> None:
        if down and any(event.key == "a" for event in events):
            raise DeliveryUnavailable("a service is down")
        await seen.handle(events)

    relay = Relay(database, outbox, [wait_for_one])
    await store(database, "a", 1, 2)
    await store(database, "b", 3)
    for _ in range(module.MAX_ATTEMPTS + 1):
        await drain(relay)
        await make_due(database)
    assert seen == [("b", 3)]
    assert await backlog(database) == Backlog(2, 0)
    down = False
    await drain(relay)
    assert seen == [("b", 3), ("a", 1), ("a", 2)]


async def test_an_event_claimed_by_a_crashed_relay_falls_due_again(database: Database) -> None:
    async def crash(events: Sequence[Event]) -> None:
        raise asyncio.CancelledError

    await store(database, "a", 1)
    with pytest.raises(asyncio.CancelledError):
        await Relay(database, outbox, [crash]).deliver_due()

    seen = Seen()
    relay = Relay(database, outbox, [seen.handle])
    await drain(relay)
    assert seen == []
    await make_due(database)
    await drain(relay)
    assert seen == [("a", 1)]


async def test_a_relay_that_stops_finishes_its_batch(database: Database) -> None:
    """The next relay need not wait until a lease ends."""
    delivering, gate, seen = asyncio.Event(), asyncio.Event(), Seen()

    async def deliver(events: Sequence[Event]) -> None:
        delivering.set()
        await gate.wait()

    await store(database, "a", 1, 2)
    running = asyncio.create_task(Relay(database, outbox, [deliver]).run())
    await delivering.wait()
    stopping = asyncio.create_task(cancel(running))
    await asyncio.sleep(0)
    gate.set()
    await stopping
    assert await Relay(database, outbox, [seen.handle]).deliver_due() == 1
    assert seen == [("a", 2)]


async def test_several_relays_deliver_each_event_once_and_in_order(connect: Callable[[], Database]) -> None:
    databases = [connect() for _ in range(3)]
    seen = Seen()
    for key in "abcdefgh":
        await store(databases[0], key, *range(10))
    relays = [Relay(database, outbox, [seen.handle]) for database in databases]

    async def until_empty(relay: Relay, database: Database) -> None:
        while (await backlog(database)).waiting:
            await relay.deliver_due()

    await asyncio.gather(*map(until_empty, relays, databases))
    assert len(seen) == 80
    for key in "abcdefgh":
        assert [number for k, number in seen if k == key] == list(range(10))


async def test_a_commit_wakes_the_relay_of_its_process(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "POLL_SECONDS", 60)
    delivered = asyncio.Event()

    async def deliver(events: Sequence[Event]) -> None:
        delivered.set()

    running = asyncio.create_task(Relay(database, outbox, [deliver]).run())
    await asyncio.sleep(0.1)
    await store(database, "a", 1)
    await asyncio.wait_for(delivered.wait(), 5)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_the_inbox_admits_an_event_once(database: Database) -> None:
    event_id = UUID(int=7)
    async with database.transaction() as transaction:
        assert await inbox.first_time(transaction, event_id)
    async with database.transaction() as transaction:
        assert not await inbox.first_time(transaction, event_id)
        assert await inbox.first_time(transaction, UUID(int=8))


async def test_the_inbox_forgets_an_event_that_was_rolled_back(database: Database) -> None:
    with suppress(ZeroDivisionError):
        async with database.transaction() as transaction:
            await inbox.first_time(transaction, UUID(int=7))
            raise ZeroDivisionError
    async with database.transaction() as transaction:
        assert await inbox.first_time(transaction, UUID(int=7))


async def test_the_inbox_admits_an_event_again_that_could_not_be_handled(database: Database) -> None:
    one, other = UUID(int=7), UUID(int=8)
    async with database.transaction() as transaction:
        assert await inbox.add(transaction, [one, other]) == {one, other}
        await inbox.remove(transaction, [one])
    async with database.transaction() as transaction:
        assert await inbox.add(transaction, [one, other]) == {one}
