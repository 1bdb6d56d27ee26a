"""The dispatcher: order, retries, dead letters and commits."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError

from ....db.database import Database
from ....testing import create_tables
from .. import dispatcher as module
from .. import record_processor
from ..dead_letters import DeadLetters, list_dead_letters, replay_dead_letters, show_dead_letter
from ..envelope import message_of
from ..port import Bus, Message
from .shop import Counting, blocked_keys, consuming, event, metadata, publish, until


@pytest.fixture
async def counting(database: Database) -> Counting:
    """An event handler with empty tables."""
    await create_tables(database, metadata)
    return Counting(database)


@pytest.fixture
async def dead_letters(bus: Bus, topic: str, group: str) -> AsyncIterator[DeadLetters]:
    """The dead letters of the test's group."""
    found = DeadLetters(bus, [f"{topic}.{group}.dlq"])
    yield found
    await found.close()


def of_key(stored: list[tuple[str, int]], key: str) -> list[int]:
    """Return the numbers with one key, in order."""
    return [number for each, number in stored if each == key]


async def test_events_are_handled_once_and_in_order(
    bus: Bus, counting: Counting, topic: str, group: str
) -> None:
    events = [event(f"key-{number % 7}", number) for number in range(200)]
    await publish(bus, topic, *events)
    # Publish some twice, as a relay does that crashed after publishing.
    await publish(bus, topic, *events[:50])
    async with consuming(bus, counting.database, group, topic, counting.handle) as dispatcher:
        await until(lambda: _is(dispatcher.lag(), 0))
    stored = await counting.stored()
    assert sorted(number for _, number in stored) == list(range(200))
    for key in {key for key, _ in stored}:
        assert of_key(stored, key) == sorted(of_key(stored, key))
    assert len(counting.calls) == 250


async def test_an_event_that_fails_once_is_retried_immediately(
    bus: Bus, counting: Counting, topic: str, group: str
) -> None:
    async def fail_first(number: int) -> None:
        # Once in the batch, and once alone.
        if len(counting.calls) <= 2:
            raise RuntimeError("a deadlock")

    counting.before = fail_first
    await publish(bus, topic, event("a", 1))
    async with consuming(bus, counting.database, group, topic, counting.handle) as dispatcher:
        assert await counting.until_stored(1) == [("a", 1)]
    assert (dispatcher.counts.failed, dispatcher.counts.retried) == (1, 0)


async def test_a_failing_event_blocks_only_its_key_and_keeps_the_order(
    bus: Bus, counting: Counting, topic: str, group: str
) -> None:
    counting.failing = {1}
    await publish(bus, topic, event("a", 1), event("a", 2), event("b", 10))
    async with consuming(bus, counting.database, group, topic, counting.handle) as dispatcher:
        assert await counting.until_stored(1) == [("b", 10)]
        await until(lambda: dispatcher.counts.parked > 0)
        await publish(bus, topic, event("a", 3))
        await until(lambda: dispatcher.counts.parked > 1)
        counting.failing.clear()
        stored = await counting.until_stored(4)
        assert of_key(stored, "a") == [1, 2, 3]
        # The key is unblocked, so its next event is handled directly.
        await until(lambda: _nothing_blocked(counting.database))
        await publish(bus, topic, event("a", 4))
        assert of_key(await counting.until_stored(5), "a") == [1, 2, 3, 4]
    assert dispatcher.counts.dead == 0


async def test_a_key_stays_blocked_across_a_restart(
    bus: Bus, counting: Counting, topic: str, group: str
) -> None:
    counting.failing = {1}
    await publish(bus, topic, event("a", 1))
    async with consuming(bus, counting.database, group, topic, counting.handle, delays=(4,)) as dispatcher:
        await until(lambda: dispatcher.counts.retried == 1)
    counting.failing.clear()
    await publish(bus, topic, event("a", 2), event("b", 3))
    async with consuming(bus, counting.database, group, topic, counting.handle, delays=(4,)):
        assert await counting.until_stored(3) == [("b", 3), ("a", 1), ("a", 2)]


async def test_an_event_that_keeps_failing_is_dead_lettered_and_can_be_replayed(
    bus: Bus, counting: Counting, topic: str, group: str, dead_letters: DeadLetters
) -> None:
    counting.failing = {1}
    await publish(bus, topic, event("a", 1), event("a", 2))
    async with consuming(bus, counting.database, group, topic, counting.handle) as dispatcher:
        # The later event waits until the first is dead-lettered.
        assert await counting.until_stored(1) == [("a", 2)]
        assert dispatcher.counts.dead == 1
        (dead_letter,) = await dead_letters.read()
        assert (dead_letter.type, dead_letter.key, dead_letter.error) == ("Counted", "a", "RuntimeError: a b")
        assert dead_letter.record.headers["failures"] == "3"

        lines: list[str] = []
        assert await list_dead_letters(dead_letters, lines.append) == 0
        assert dead_letter.id in lines[0]
        assert lines[-1] == "1 dead letter"
        assert await show_dead_letter(dead_letters, dead_letter.id, lines.append) == 0
        assert '"number": 1' in lines[-1]
        assert await replay_dead_letters(dead_letters, "nonsense", lines.append) == 1

        counting.failing.clear()
        assert await replay_dead_letters(dead_letters, show=lines.append) == 0
        assert lines[-1] == "1 dead letter replayed"
        assert await counting.until_stored(2) == [("a", 2), ("a", 1)]
    assert await dead_letters.read() == []
    reopened = DeadLetters(bus, [f"{topic}.{group}.dlq"])
    assert await reopened.read() == []
    await reopened.close()


async def test_a_dead_letter_that_another_program_wrote_is_replayed(
    bus: Bus, counting: Counting, topic: str, group: str, dead_letters: DeadLetters
) -> None:
    async with consuming(bus, counting.database, group, topic, counting.handle):
        await publish(bus, f"{topic}.{group}.dlq", event("a", 1))
        assert await replay_dead_letters(dead_letters) == 0
        assert await counting.until_stored(1) == [("a", 1)]


async def test_a_poison_message_is_dead_lettered_immediately_and_blocks_no_event(
    bus: Bus, counting: Counting, topic: str, group: str, dead_letters: DeadLetters
) -> None:
    await bus.producer.publish([Message(topic, "a", b"\x00 no event")])
    await publish(bus, topic, event("a", 1))
    async with consuming(bus, counting.database, group, topic, counting.handle, delays=(60,)) as dispatcher:
        assert await counting.until_stored(1) == [("a", 1)]
        await until(lambda: _is(dispatcher.lag(), 0))
    (dead_letter,) = await dead_letters.read()
    assert dead_letter.record.value == b"\x00 no event"
    assert dispatcher.counts.retried == 0


async def test_an_event_that_is_too_large_for_the_headers_of_a_retry_blocks_no_other_event(
    bus: Bus, counting: Counting, topic: str, group: str, dead_letters: DeadLetters
) -> None:
    """The dead letter says where it is; one that is no event is too large for a dead letter, too."""
    counting.failing, counting.error = {1}, RuntimeError("long" * 100)
    failing = message_of(event("a", 1), topic)
    failing = replace(failing, value=failing.value.ljust(999_700))
    await bus.producer.publish([failing, Message(topic, "a", b"{".ljust(999_930))])
    await publish(bus, topic, event("a", 2))
    async with consuming(bus, counting.database, group, topic, counting.handle) as dispatcher:
        assert await counting.until_stored(1) == [("a", 2)]
        await until(lambda: _is(dispatcher.lag(), 0))
        await until(lambda: _nothing_blocked(counting.database))
    found = await dead_letters.read()
    assert [(each.key, each.record.value) for each in found] == [("a", b"")] * 2
    assert [each.record.headers["origin-offset"] for each in found] == ["0", "1"]


@pytest.mark.parametrize("key", ["a\0b", "a" * 1000])
async def test_a_key_that_no_column_can_hold_blocks_no_other_event(
    bus: Bus, counting: Counting, topic: str, group: str, dead_letters: DeadLetters, key: str
) -> None:
    """Another program may publish any key; its events are retried in order, and dead-lettered."""
    counting.failing = {1, 2}
    odd = [replace(message_of(event("a", number), topic), key=key) for number in (1, 2)]
    await bus.producer.publish(odd)
    await publish(bus, topic, event("b", 3))
    async with consuming(bus, counting.database, group, topic, counting.handle) as dispatcher:
        assert await counting.until_stored(1) == [("b", 3)]
        await until(lambda: _is(_number_of(dead_letters), 2))
        await until(lambda: _nothing_blocked(counting.database))
    assert dispatcher.counts.parked > 0
    assert [each.key for each in await dead_letters.read()] == [key, key]


async def test_an_event_that_the_handler_cannot_decode_is_dead_lettered_immediately(
    bus: Bus, counting: Counting, topic: str, group: str, dead_letters: DeadLetters
) -> None:
    counting.failing, counting.error = {1}, msgspec.ValidationError("no number")
    await publish(bus, topic, event("a", 1), event("a", 2))
    async with consuming(bus, counting.database, group, topic, counting.handle, delays=(60,)):
        assert await counting.until_stored(1) == [("a", 2)]
    # Once with its batch, if both arrived together, and once alone.
    assert counting.calls in ([1, 1, 2], [1, 2])
    assert len(await dead_letters.read()) == 1


async def test_a_foreign_record_in_a_retry_topic_blocks_no_event(
    bus: Bus, counting: Counting, topic: str, group: str, dead_letters: DeadLetters
) -> None:
    async with consuming(bus, counting.database, group, topic, counting.handle) as dispatcher:
        dues = ("?", "2026-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T00:00:00")
        headers = {"origin-offset": "0", "failures": "1"}
        await bus.producer.publish(
            [Message(f"{topic}.{group}.retry-1", "a", b"?", headers | {"due": due}) for due in dues]
        )
        await until(lambda: _is(_number_of(dead_letters), len(dues)))
        await until(lambda: _is(dispatcher.lag(), 0))


async def test_attempts_do_not_count_while_the_database_is_unavailable(
    bus: Bus, counting: Counting, topic: str, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unavailable = asyncio.Event()
    unavailable.set()

    async def ping() -> None:
        if unavailable.is_set():
            raise OperationalError("SELECT 1", {}, ConnectionError())

    async def fail(number: int) -> None:
        if unavailable.is_set():
            raise OperationalError("INSERT", {}, ConnectionError())

    monkeypatch.setattr(counting.database, "ping", ping)
    counting.before = fail
    await publish(bus, topic, event("a", 1), event("a", 2))
    async with consuming(bus, counting.database, group, topic, counting.handle) as dispatcher:
        await until(lambda: dispatcher.counts.failed > 5)
        assert dispatcher.counts.retried == 0
        unavailable.clear()
        assert await counting.until_stored(2) == [("a", 1), ("a", 2)]


async def test_a_consumer_whose_tables_have_moved_leaves_its_events_to_another(
    bus: Bus, counting: Counting, topic: str, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It neither counts attempts nor keeps its partitions until the events are handled."""

    async def fail(_number: int) -> None:
        raise DBAPIError("INSERT", {}, Exception())

    monkeypatch.setattr(record_processor, "lacks_table", lambda error: isinstance(error, DBAPIError))
    monkeypatch.setattr(module, "FINISH_TIMEOUT_SECONDS", 3600.0)
    counting.before = fail
    await publish(bus, topic, event("a", 1), event("a", 2))
    async with consuming(bus, counting.database, group, topic, counting.handle) as dispatcher:
        await until(lambda: len(counting.calls) > 0)
    assert dispatcher.counts.retried == 0
    counting.before = None
    async with consuming(bus, counting.database, group, topic, counting.handle):
        assert await counting.until_stored(2) == [("a", 1), ("a", 2)]


async def test_offsets_are_committed_after_the_handler(
    bus: Bus, counting: Counting, topic: str, group: str
) -> None:
    inside, proceed = asyncio.Event(), asyncio.Event()

    async def wait(number: int) -> None:
        inside.set()
        await proceed.wait()

    counting.before = wait
    await publish(bus, topic, event("a", 1))
    async with consuming(bus, counting.database, group, topic, counting.handle) as dispatcher:
        await asyncio.wait_for(inside.wait(), 30)
        await asyncio.sleep(3 * module.COMMIT_SECONDS)
        assert await dispatcher.lag() == 1
        proceed.set()
        await until(lambda: _is(dispatcher.lag(), 0))


async def test_stopping_finishes_the_running_batch(
    connect_bus: Callable[[], Bus], bus: Bus, counting: Counting, topic: str, group: str
) -> None:
    inside = asyncio.Event()

    async def take_time(number: int) -> None:
        inside.set()
        await asyncio.sleep(0.5)

    counting.before = take_time
    await publish(bus, topic, event("a", 1))
    async with consuming(connect_bus(), counting.database, group, topic, counting.handle):
        await asyncio.wait_for(inside.wait(), 30)
    assert await counting.stored() == [("a", 1)]
    assert sum((await bus.lag(group, [topic])).values()) == 0


async def test_partitions_of_a_slow_handler_are_paused(
    bus: Bus, counting: Counting, topic: str, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_WAITING", 50)
    monkeypatch.setattr(module, "POLL_LIMIT", 25)
    proceed = asyncio.Event()

    async def wait(number: int) -> None:
        await proceed.wait()

    counting.before = wait
    await publish(bus, topic, *(event("a", number) for number in range(300)), event("b", 1000))
    async with consuming(bus, counting.database, group, topic, counting.handle) as dispatcher:
        await until(lambda: bool(dispatcher._paused))
        await asyncio.sleep(0.5)
        assert max(worker.waiting for worker in dispatcher._workers.values()) <= 75
        proceed.set()
        stored = await counting.until_stored(301)
    assert of_key(stored, "a") == list(range(300))


async def test_a_scheduled_retry_delays_neither_other_partitions_nor_the_shutdown(
    bus: Bus, counting: Counting, topic: str, group: str
) -> None:
    counting.failing = {1}
    await publish(bus, topic, event("a", 1))
    async with consuming(bus, counting.database, group, topic, counting.handle, delays=(600,)) as dispatcher:
        await until(lambda: dispatcher.counts.retried == 1)
        await publish(bus, topic, *(event(f"key-{number}", number) for number in range(10, 30)))
        await counting.until_stored(20)


async def _is(number: Awaitable[int], wanted: int) -> bool:
    return await number == wanted


async def _number_of(dead_letters: DeadLetters) -> int:
    return len(await dead_letters.read())


async def _nothing_blocked(database: Database) -> bool:
    async with database.reading() as connection:
        return not await connection.scalar(sa.select(sa.func.count()).select_from(blocked_keys.table))
