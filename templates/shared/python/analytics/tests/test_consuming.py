"""Everything is counted once, whoever stops, dies, takes over or counts anew."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from ...chassis import clock
from ...chassis.database import Database
from .. import service
from ..domain import ORDERS, VIEWS, Summary
from ..rebuild import rebuild
from ..service import Analytics
from ..tables import bucket, progress
from .memory_bus import NOW, MemoryBus, ago, order, view

Connect = Callable[[], Database]


@pytest.fixture(autouse=True)
def clock_that_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is `NOW`, and every step stores what is counted."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(service, "SAVE_SECONDS", -1.0)


@pytest.fixture
def rarely_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is stored but the first step and what has to be."""
    monkeypatch.setattr(service, "SAVE_SECONDS", 3600.0)


@pytest.fixture
def bus() -> MemoryBus:
    """A log with nothing in it."""
    return MemoryBus()


@pytest.fixture
def join(connect: Connect, bus: MemoryBus) -> Callable[[], Analytics]:
    """Starts another process."""
    return lambda: Analytics(connect(), bus, "EUR")


def publish(bus: MemoryBus, count: int = 20, seed: int = 0) -> None:
    """Put orders and views on all partitions."""
    random = Random(seed)
    for _ in range(count):
        lines = [(random.choice("ABC"), random.randint(1, 5), random.randint(1, 100))]
        kind = random.choice(["OrderPlaced", "OrderConfirmed", "OrderCancelled"])
        bus.publish(ORDERS, random.randint(0, 1), order(kind, ago(random.uniform(0, 300)), lines))
        bus.publish(VIEWS, random.randint(0, 1), view(ago(random.uniform(0, 300))))


async def steps(*members: Analytics, count: int = 4) -> None:
    """Let them work in turn."""
    for _ in range(count):
        for member in members:
            await member.step()


async def expected(bus: MemoryBus, connect: Connect, database: Database) -> Summary:
    """What somebody shows who counts the log alone, in one go, without any state before."""
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


async def test_counting_goes_on_where_it_was_stored(
    bus: MemoryBus, join: Callable[[], Analytics], connect: Connect, database: Database
) -> None:
    """By the next process, without an orderly end of the last one."""
    publish(bus)
    dead = join()
    await steps(dead)
    bus.members.clear()
    publish(bus, seed=1)
    heir = join()
    await steps(heir)
    assert heir.summary() == await expected(bus, connect, database)
    assert heir.summary().conversion.views == 40


async def test_what_was_not_stored_is_counted_again(
    bus: MemoryBus, join: Callable[[], Analytics], connect: Connect, database: Database, rarely_stored: None
) -> None:
    """And only that, though what is committed lies even behind what is stored."""
    publish(bus)
    dead = join()
    await steps(dead, count=1)
    bus.committed.clear()
    publish(bus, seed=1)
    await steps(dead)
    assert dead.summary().conversion.views == 40
    bus.members.clear()
    heir = join()
    await steps(heir, count=1)
    assert heir.summary() == await expected(bus, connect, database)
    assert heir.summary().conversion.views == 40


async def test_orderly_end_leaves_nothing_to_count_again(
    bus: MemoryBus, join: Callable[[], Analytics], rarely_stored: None
) -> None:
    """All is stored and committed."""
    publish(bus)
    leaving = join()
    await steps(leaving)
    publish(bus, seed=1)
    await steps(leaving)
    await leaving.close()
    assert bus.committed == {partition: len(values) for partition, values in bus.records.items()}
    onlooker = join()
    await steps(onlooker, count=1)
    assert onlooker.summary().conversion.views == 40


async def test_members_share_the_work_and_show_the_same(
    bus: MemoryBus, join: Callable[[], Analytics], connect: Connect, database: Database
) -> None:
    """Also one that has got no partition; and when one leaves, the others take over."""
    members = [join() for _ in range(5)]
    await steps(*members)
    publish(bus)
    await steps(*members)
    whole = await expected(bus, connect, database)
    assert [each.summary() for each in members] == [whole] * 5
    assert len({id(member) for member in bus.members if member.positions}) == 4
    await members[0].close()
    publish(bus, seed=1)
    await steps(*members[1:])
    whole = await expected(bus, connect, database)
    assert [each.summary() for each in members[1:]] == [whole] * 4


@pytest.mark.parametrize("ghost_is_first", [True, False])
async def test_member_taken_for_dead_counts_nothing_twice(
    bus: MemoryBus,
    join: Callable[[], Analytics],
    connect: Connect,
    database: Database,
    ghost_is_first: bool,
) -> None:
    """It still reads what another one counts by now; of the two, whoever stores second starts anew."""
    ghost, heir = join(), join()
    publish(bus)
    await steps(ghost)
    bus.members.pop().unaware = True
    await steps(heir)
    publish(bus, seed=1)
    await steps(*([ghost, heir] if ghost_is_first else [heir, ghost]), count=1)
    publish(bus, seed=2)
    await steps(heir, ghost)
    assert len(bus.members) == 2
    whole = await expected(bus, connect, database)
    assert [ghost.summary(), heir.summary()] == [whole] * 2
    assert whole.conversion.views == 60


async def test_database_that_is_away_is_waited_for(
    bus: MemoryBus,
    join: Callable[[], Analytics],
    monkeypatch: pytest.MonkeyPatch,
    connect: Connect,
    database: Database,
) -> None:
    """Counting goes on, but of partitions that are new; nothing is lost of those."""
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
        with pytest.raises(OSError, match="away"):
            await other.step()
    monkeypatch.undo()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    await steps(other)
    assert other.summary() == await expected(bus, connect, database)


def _break(member: Analytics, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: Any) -> None:
        raise OSError("the database is away")

    for name in ("begin", "save", "refresh"):
        monkeypatch.setattr(member._store, name, fail)


async def test_rebuild_gives_what_counting_gave(
    bus: MemoryBus, join: Callable[[], Analytics], connect: Connect, database: Database
) -> None:
    """And changes nothing for those that serve, who go on."""
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
    whole = await expected(bus, connect, database)
    assert [each.summary() for each in members] == [whole] * 2
    assert whole.conversion.views == 40


async def test_rebuild_repairs_what_was_counted_wrong(
    bus: MemoryBus, join: Callable[[], Analytics], connect: Connect, database: Database
) -> None:
    """In every process, also where nothing new comes."""
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


async def test_rebuild_takes_in_what_comes_meanwhile(
    bus: MemoryBus,
    join: Callable[[], Analytics],
    connect: Connect,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is shown never goes back behind what was stored."""
    member = join()
    publish(bus)
    await steps(member)
    busy = bus.reader

    async def reader(topics: Any) -> Any:
        made = await busy(topics)
        read, ends = made.read, iter([1, 2])

        async def read_late(limit: int) -> Any:
            found = await read(limit)
            if not found and (seed := next(ends, None)):
                publish(bus, seed=seed)
                await steps(member, count=1)
            return found

        made.read = read_late  # type: ignore[method-assign]
        return made

    monkeypatch.setattr(bus, "reader", reader)
    reached = await rebuild(connect(), bus)
    assert reached == {partition: len(values) for partition, values in bus.records.items()}
    publish(bus, seed=3)
    await steps(member)
    assert member.summary() == await expected(bus, connect, database)
    assert member.summary().conversion.views == 80


async def test_rebuild_keeps_the_positions_of_what_has_expired(
    bus: MemoryBus, join: Callable[[], Analytics], connect: Connect
) -> None:
    """A topic may have dropped what is old."""
    member = join()
    publish(bus)
    await steps(member)
    await member.close()
    ends = dict(bus.committed)
    empty = MemoryBus()
    assert await rebuild(connect(), empty) == {}
    heir = join()
    await steps(heir)
    assert heir.summary().conversion.views == 0
    assert bus.committed == ends


async def test_minutes_that_have_passed_are_not_kept(
    bus: MemoryBus, join: Callable[[], Analytics], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stored are those that some window shows."""
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
