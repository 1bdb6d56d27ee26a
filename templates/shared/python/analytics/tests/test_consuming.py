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
from .log import NOW, Log, ago, order, view

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
def log() -> Log:
    """A log with nothing in it."""
    return Log()


@pytest.fixture
def join(connect: Connect, log: Log) -> Callable[[], Analytics]:
    """Starts another process."""
    return lambda: Analytics(connect(), log, "EUR")


def publish(log: Log, count: int = 20, seed: int = 0) -> None:
    """Put orders and views on all partitions."""
    random = Random(seed)
    for _ in range(count):
        lines = [(random.choice("ABC"), random.randint(1, 5), random.randint(1, 100))]
        kind = random.choice(["OrderPlaced", "OrderConfirmed", "OrderCancelled"])
        log.publish(ORDERS, random.randint(0, 1), order(kind, ago(random.uniform(0, 300)), lines))
        log.publish(VIEWS, random.randint(0, 1), view(ago(random.uniform(0, 300))))


async def steps(*members: Analytics, count: int = 4) -> None:
    """Let them work in turn."""
    for _ in range(count):
        for member in members:
            await member.step()


async def expected(log: Log, connect: Connect, database: Database) -> Summary:
    """What somebody shows who counts the log alone, in one go, without any state before."""
    async with database.transaction() as transaction:
        kept = {table: (await transaction.execute(sa.select(table))).all() for table in (progress, bucket)}
        for table in kept:
            await transaction.execute(sa.delete(table))
    alone = Log()
    alone.records = log.records
    fresh = Analytics(connect(), alone, "EUR")
    await steps(fresh)
    async with database.transaction() as transaction:
        for table, rows in kept.items():
            await transaction.execute(sa.delete(table))
            if rows:
                await transaction.execute(sa.insert(table), [dict(row._mapping) for row in rows])
    return fresh.summary()


async def test_counting_goes_on_where_it_was_stored(
    log: Log, join: Callable[[], Analytics], connect: Connect, database: Database
) -> None:
    """By the next process, without an orderly end of the last one."""
    publish(log)
    dead = join()
    await steps(dead)
    log.members.clear()
    publish(log, seed=1)
    heir = join()
    await steps(heir)
    assert heir.summary() == await expected(log, connect, database)
    assert heir.summary().conversion.views == 40


async def test_what_was_not_stored_is_counted_again(
    log: Log, join: Callable[[], Analytics], connect: Connect, database: Database, rarely_stored: None
) -> None:
    """And only that, though what is committed lies even behind what is stored."""
    publish(log)
    dead = join()
    await steps(dead, count=1)
    log.committed.clear()
    publish(log, seed=1)
    await steps(dead)
    assert dead.summary().conversion.views == 40
    log.members.clear()
    heir = join()
    await steps(heir, count=1)
    assert heir.summary() == await expected(log, connect, database)
    assert heir.summary().conversion.views == 40


async def test_orderly_end_leaves_nothing_to_count_again(
    log: Log, join: Callable[[], Analytics], rarely_stored: None
) -> None:
    """All is stored and committed."""
    publish(log)
    leaving = join()
    await steps(leaving)
    publish(log, seed=1)
    await steps(leaving)
    await leaving.close()
    assert log.committed == {partition: len(values) for partition, values in log.records.items()}
    onlooker = join()
    await steps(onlooker, count=1)
    assert onlooker.summary().conversion.views == 40


async def test_members_share_the_work_and_show_the_same(
    log: Log, join: Callable[[], Analytics], connect: Connect, database: Database
) -> None:
    """Also one that has got no partition; and when one leaves, the others take over."""
    members = [join() for _ in range(5)]
    await steps(*members)
    publish(log)
    await steps(*members)
    whole = await expected(log, connect, database)
    assert [each.summary() for each in members] == [whole] * 5
    assert len({id(member) for member in log.members if member.positions}) == 4
    await members[0].close()
    publish(log, seed=1)
    await steps(*members[1:])
    whole = await expected(log, connect, database)
    assert [each.summary() for each in members[1:]] == [whole] * 4


@pytest.mark.parametrize("ghost_is_first", [True, False])
async def test_member_taken_for_dead_counts_nothing_twice(
    log: Log,
    join: Callable[[], Analytics],
    connect: Connect,
    database: Database,
    ghost_is_first: bool,
) -> None:
    """It still reads what another one counts by now; of the two, whoever stores second starts anew."""
    ghost, heir = join(), join()
    publish(log)
    await steps(ghost)
    log.members.pop().unaware = True
    await steps(heir)
    publish(log, seed=1)
    await steps(*([ghost, heir] if ghost_is_first else [heir, ghost]), count=1)
    publish(log, seed=2)
    await steps(heir, ghost)
    assert len(log.members) == 2
    whole = await expected(log, connect, database)
    assert [ghost.summary(), heir.summary()] == [whole] * 2
    assert whole.conversion.views == 60


async def test_database_that_is_away_is_waited_for(
    log: Log,
    join: Callable[[], Analytics],
    monkeypatch: pytest.MonkeyPatch,
    connect: Connect,
    database: Database,
) -> None:
    """Counting goes on, but of partitions that are new; nothing is lost of those."""
    member, other = join(), join()
    publish(log)
    await steps(member)
    publish(log, seed=1)
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
    assert other.summary() == await expected(log, connect, database)


def _break(member: Analytics, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: Any) -> None:
        raise OSError("the database is away")

    for name in ("begin", "save", "refresh"):
        monkeypatch.setattr(member._store, name, fail)


async def test_rebuild_gives_what_counting_gave(
    log: Log, join: Callable[[], Analytics], connect: Connect, database: Database
) -> None:
    """And changes nothing for those that serve, who go on."""
    members = [join(), join()]
    await steps(*members)
    publish(log)
    await steps(*members)
    before = members[0].summary()
    assert await rebuild(connect(), log) == {each: len(values) for each, values in log.records.items()}
    await steps(*members)
    assert [each.summary() for each in members] == [before] * 2
    publish(log, seed=1)
    await steps(*members)
    whole = await expected(log, connect, database)
    assert [each.summary() for each in members] == [whole] * 2
    assert whole.conversion.views == 40


async def test_rebuild_repairs_what_was_counted_wrong(
    log: Log, join: Callable[[], Analytics], connect: Connect, database: Database
) -> None:
    """In every process, also where nothing new comes."""
    member = join()
    publish(log)
    await steps(member)
    async with database.transaction() as transaction:
        await transaction.execute(sa.delete(bucket))
    wrong = join()
    await steps(wrong, member)
    assert wrong.summary().conversion.views < 20
    await rebuild(connect(), log)
    await steps(wrong, member)
    assert wrong.summary() == member.summary() == await expected(log, connect, database)


async def test_rebuild_takes_in_what_comes_meanwhile(
    log: Log,
    join: Callable[[], Analytics],
    connect: Connect,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is shown never goes back behind what was stored."""
    member = join()
    publish(log)
    await steps(member)
    busy = log.reader

    async def reader(topics: Any) -> Any:
        made = await busy(topics)
        read, ends = made.read, iter([1, 2])

        async def read_late(limit: int) -> Any:
            found = await read(limit)
            if not found and (seed := next(ends, None)):
                publish(log, seed=seed)
                await steps(member, count=1)
            return found

        made.read = read_late  # type: ignore[method-assign]
        return made

    monkeypatch.setattr(log, "reader", reader)
    reached = await rebuild(connect(), log)
    assert reached == {partition: len(values) for partition, values in log.records.items()}
    publish(log, seed=3)
    await steps(member)
    assert member.summary() == await expected(log, connect, database)
    assert member.summary().conversion.views == 80


async def test_rebuild_keeps_the_positions_of_what_has_expired(
    log: Log, join: Callable[[], Analytics], connect: Connect
) -> None:
    """A topic may have dropped what is old."""
    member = join()
    publish(log)
    await steps(member)
    await member.close()
    ends = dict(log.committed)
    empty = Log()
    assert await rebuild(connect(), empty) == {}
    heir = join()
    await steps(heir)
    assert heir.summary().conversion.views == 0
    assert log.committed == ends


async def test_minutes_that_have_passed_are_not_kept(
    log: Log, join: Callable[[], Analytics], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stored are those that some window shows."""
    member = join()
    publish(log)
    await steps(member)
    later = NOW + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert member.summary().conversion.views == 0
    for partition in log.records:
        log.publish(*partition, order("OrderPlaced", later, []))
    await steps(member)
    async with database.reading() as connection:
        minutes = [row.minute for row in await connection.execute(sa.select(bucket))]
    assert set(minutes) == {int(later.timestamp()) // 60}
