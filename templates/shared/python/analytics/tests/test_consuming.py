"""Consuming events: each is counted once despite restarts, crashes, rebalancing and rebuilds."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from chassis import clock
from chassis.db.database import Database

from .. import service
from ..domain import ORDERS, VIEWS, Summary
from ..rebuild import rebuild
from ..service import Analytics
from ..tables import bucket, progress
from .memory_bus import NOW, MemoryBus, ago, order, view

Connect = Callable[[], Database]


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time is `NOW`, and every step stores the counts."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(service, "SAVE_SECONDS", -1.0)


@pytest.fixture
def rare_saves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the first step and mandatory saves store the counts."""
    monkeypatch.setattr(service, "SAVE_SECONDS", 3600.0)


@pytest.fixture
def bus() -> MemoryBus:
    """An empty bus."""
    return MemoryBus()


@pytest.fixture
def join(connect: Connect, bus: MemoryBus) -> Callable[[], Analytics]:
    """Starts another process, as a member of the group."""
    return lambda: Analytics(connect(), bus, "EUR")


def publish(bus: MemoryBus, count: int = 20, seed: int = 0) -> None:
    """Publish random orders and views to all partitions."""
    random = Random(seed)
    for _ in range(count):
        lines = [(random.choice("ABC"), random.randint(1, 5), random.randint(1, 100))]
        kind = random.choice(["OrderPlaced", "OrderConfirmed", "OrderCancelled"])
        bus.publish(ORDERS, random.randint(0, 1), order(kind, ago(random.uniform(0, 300)), lines))
        bus.publish(VIEWS, random.randint(0, 1), view(ago(random.uniform(0, 300))))


async def steps(*members: Analytics, count: int = 4) -> None:
    """Let the members work in turns."""
    for _ in range(count):
        for member in members:
            await member.step()


async def expected(bus: MemoryBus, connect: Connect, database: Database) -> Summary:
    """Return the summary of a single member that counts all events from the start, without stored state."""
    async with database.transaction() as transaction:
        kept = {table: (await transaction.execute(sa.select(table))).all() for table in (progress, bucket)}
        for table in kept:
            await transaction.execute(sa.delete(table))
    alone = MemoryBus()
    alone.records = bus.records
    fresh = Analytics(connect(), alone, "EUR")
    await steps(fresh)
    async with database.transaction() as transaction:
        for table, rows in kept.items():
            await transaction.execute(sa.delete(table))
            if rows:
                await transaction.execute(sa.insert(table), [dict(row._mapping) for row in rows])
    return fresh.summary()


async def test_counting_resumes_from_the_stored_state(
    bus: MemoryBus, join: Callable[[], Analytics], connect: Connect, database: Database
) -> None:
    """Another process takes over, although the previous one did not shut down cleanly."""
    publish(bus)
    dead = join()
    await steps(dead)
    bus.members.clear()
    publish(bus, seed=1)
    successor = join()
    await steps(successor)
    assert successor.summary() == await expected(bus, connect, database)
    assert successor.summary().conversion.views == 40


async def test_unstored_counts_are_recounted(
    bus: MemoryBus, join: Callable[[], Analytics], connect: Connect, database: Database, rare_saves: None
) -> None:
    """Stored counts are not, even though the committed offsets are behind the stored positions."""
    publish(bus)
    dead = join()
    await steps(dead, count=1)
    bus.committed.clear()
    publish(bus, seed=1)
    await steps(dead)
    assert dead.summary().conversion.views == 40
    bus.members.clear()
    successor = join()
    await steps(successor, count=1)
    assert successor.summary() == await expected(bus, connect, database)
    assert successor.summary().conversion.views == 40


async def test_a_clean_shutdown_leaves_nothing_to_recount(
    bus: MemoryBus, join: Callable[[], Analytics], rare_saves: None
) -> None:
    """Everything is stored and committed."""
    publish(bus)
    leaving = join()
    await steps(leaving)
    publish(bus, seed=1)
    await steps(leaving)
    await leaving.close()
    assert bus.committed == {partition: len(values) for partition, values in bus.records.items()}
    successor = join()
    await steps(successor, count=1)
    assert successor.summary().conversion.views == 40


async def test_members_share_the_partitions_and_show_the_same_summary(
    bus: MemoryBus, join: Callable[[], Analytics], connect: Connect, database: Database
) -> None:
    """This includes a member without partitions. When a member leaves, the others take over."""
    members = [join() for _ in range(5)]
    await steps(*members)
    publish(bus)
    await steps(*members)
    total = await expected(bus, connect, database)
    assert [each.summary() for each in members] == [total] * 5
    assert len({id(member) for member in bus.members if member.positions}) == 4
    await members[0].close()
    publish(bus, seed=1)
    await steps(*members[1:])
    total = await expected(bus, connect, database)
    assert [each.summary() for each in members[1:]] == [total] * 4


@pytest.mark.parametrize("expelled_is_first", [True, False])
async def test_an_expelled_member_counts_no_event_twice(
    bus: MemoryBus,
    join: Callable[[], Analytics],
    connect: Connect,
    database: Database,
    expelled_is_first: bool,
) -> None:
    """It still reads partitions that another member counts. Whichever stores second starts again."""
    expelled, successor = join(), join()
    publish(bus)
    await steps(expelled)
    bus.members.pop().unaware = True
    await steps(successor)
    publish(bus, seed=1)
    await steps(*([expelled, successor] if expelled_is_first else [successor, expelled]), count=1)
    publish(bus, seed=2)
    await steps(successor, expelled)
    assert len(bus.members) == 2
    total = await expected(bus, connect, database)
    assert [expelled.summary(), successor.summary()] == [total] * 2
    assert total.conversion.views == 60


async def test_counting_survives_an_unavailable_database(
    bus: MemoryBus,
    join: Callable[[], Analytics],
    monkeypatch: pytest.MonkeyPatch,
    connect: Connect,
    database: Database,
) -> None:
    """Known partitions are counted meanwhile; records of new partitions are kept until it returns."""
    member, other = join(), join()
    publish(bus)
    await steps(member)
    publish(bus, seed=1)
    for each in (member, other):
        _break(each, monkeypatch)
    await steps(member)
    assert member.summary().conversion.views == 40
    await member.close()
    for _ in range(3):
        with pytest.raises(OSError, match="unavailable"):
            await other.step()
    monkeypatch.undo()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    await steps(other)
    assert other.summary() == await expected(bus, connect, database)


def _break(member: Analytics, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: Any) -> None:
        raise OSError("the database is unavailable")

    for name in ("begin", "save", "refresh"):
        monkeypatch.setattr(member._store, name, fail)


async def test_a_rebuild_reproduces_the_counts(
    bus: MemoryBus, join: Callable[[], Analytics], connect: Connect, database: Database
) -> None:
    """Running members continue from the new generation."""
    members = [join(), join()]
    await steps(*members)
    publish(bus)
    await steps(*members)
    before = members[0].summary()
    assert await rebuild(connect(), bus) == {each: len(values) for each, values in bus.records.items()}
    await steps(*members)
    assert [each.summary() for each in members] == [before] * 2
    publish(bus, seed=1)
    await steps(*members)
    total = await expected(bus, connect, database)
    assert [each.summary() for each in members] == [total] * 2
    assert total.conversion.views == 40


async def test_a_rebuild_repairs_wrong_counts(
    bus: MemoryBus, join: Callable[[], Analytics], connect: Connect, database: Database
) -> None:
    """All members show the repaired counts, even without new events."""
    member = join()
    publish(bus)
    await steps(member)
    async with database.transaction() as transaction:
        await transaction.execute(sa.delete(bucket))
    wrong = join()
    await steps(wrong, member)
    assert wrong.summary().conversion.views < 20
    await rebuild(connect(), bus)
    await steps(wrong, member)
    assert wrong.summary() == member.summary() == await expected(bus, connect, database)


async def test_a_rebuild_includes_events_published_meanwhile(
    bus: MemoryBus,
    join: Callable[[], Analytics],
    connect: Connect,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The rebuilt state is never behind the stored one."""
    member = join()
    publish(bus)
    await steps(member)
    original_reader = bus.reader

    async def reader(topics: Any) -> Any:
        slow_reader = await original_reader(topics)
        read, ends = slow_reader.read, iter([1, 2])

        async def read_late(limit: int) -> Any:
            found = await read(limit)
            if not found and (seed := next(ends, None)):
                publish(bus, seed=seed)
                await steps(member, count=1)
            return found

        slow_reader.read = read_late  # type: ignore[method-assign]
        return slow_reader

    monkeypatch.setattr(bus, "reader", reader)
    reached = await rebuild(connect(), bus)
    assert reached == {partition: len(values) for partition, values in bus.records.items()}
    publish(bus, seed=3)
    await steps(member)
    assert member.summary() == await expected(bus, connect, database)
    assert member.summary().conversion.views == 80


async def test_a_rebuild_keeps_the_positions_of_expired_partitions(
    bus: MemoryBus, join: Callable[[], Analytics], connect: Connect
) -> None:
    """The bus may have deleted all records of a partition."""
    member = join()
    publish(bus)
    await steps(member)
    await member.close()
    ends = dict(bus.committed)
    bus.firsts = ends
    assert await rebuild(connect(), bus) == ends
    successor = join()
    await steps(successor)
    assert successor.summary().conversion.views == 0
    assert bus.committed == ends


@pytest.mark.parametrize("count", [0, 1])
async def test_a_rebuild_forgets_topics_that_were_created_again(
    count: int, bus: MemoryBus, connect: Connect, database: Database
) -> None:
    """Stored positions are behind the ends of new topics, and their events would be skipped."""
    before = Analytics(connect(), bus, "EUR")
    publish(bus)
    await steps(before)
    await before.close()
    again = MemoryBus()
    publish(again, count=count, seed=1)
    reached = await rebuild(connect(), again)
    assert reached == {partition: len(values) for partition, values in again.records.items()}
    member = Analytics(connect(), again, "EUR")
    publish(again, seed=2)
    await steps(member)
    assert member.summary() == await expected(again, connect, database)
    assert member.summary().conversion.views == count + 20


async def test_minutes_outside_all_windows_are_deleted(
    bus: MemoryBus, join: Callable[[], Analytics], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database holds only minutes that a window covers."""
    member = join()
    publish(bus)
    await steps(member)
    later = NOW + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert member.summary().conversion.views == 0
    for partition in bus.records:
        bus.publish(*partition, order("OrderPlaced", later, []))
    await steps(member)
    async with database.reading() as connection:
        minutes = [row.minute for row in await connection.execute(sa.select(bucket))]
    assert set(minutes) == {int(later.timestamp()) // 60}
