"""A consumer with a database that stores each event once."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import sqlalchemy as sa

from ....clock import now
from ....db.database import Database, schema_of
from ....ids import new_id
from ...events import BatchHandler, Event
from ...inbox import Inbox
from ...outbox import Outbox
from ..blocked_keys import BlockedKeys
from ..dispatcher import Dispatcher
from ..envelope import message_of
from ..port import Bus, BusUnavailable
from ..record_processor import Subscription

metadata = schema_of("bus_test")
inbox = Inbox(metadata, "counting")
outbox = Outbox(metadata)
blocked_keys = BlockedKeys(metadata)
counted = sa.Table(
    "counted",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("key", sa.String(100), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
)
TIMEOUT_SECONDS = 60.0


def event(key: str, number: int, type: str = "Counted") -> Event:
    """Return an event with a number as its payload."""
    data = msgspec.Raw(msgspec.json.encode({"number": number}))
    return Event(id=new_id(), type=type, version=1, time=now(), key=key, traceparent=None, data=data)


def number_of(event: Event) -> int:
    """Return the number in an event."""
    return int(msgspec.json.decode(event.data, type=dict[str, int])["number"])


async def publish(bus: Bus, topic: str, *events: Event) -> None:
    """Publish events."""
    await bus.producer.publish([message_of(each, topic) for each in events])


class Counting:
    """Event handler that stores each event's key and number; tests can make it fail."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.failing: set[int] = set()
        self.error: Exception = RuntimeError("a\n b")
        self.calls: list[int] = []
        self.before: Callable[[int], Awaitable[None]] | None = None

    async def handle(self, events: Sequence[Event]) -> None:
        """Store the events in one transaction."""
        async with self.database.transaction() as transaction:
            for each in events:
                await self._handle(transaction, each)

    async def _handle(self, transaction: Any, event: Event) -> None:
        number = number_of(event)
        self.calls.append(number)
        if self.before is not None:
            await self.before(number)
        if number in self.failing:
            raise self.error
        if await inbox.first_time(transaction, event.id):
            await transaction.execute(sa.insert(counted), {"key": event.key, "number": number})

    async def stored(self) -> list[tuple[str, int]]:
        """Return the keys and numbers in the order of their insertion."""
        async with self.database.reading() as connection:
            rows = await connection.execute(sa.select(counted.c.key, counted.c.number).order_by(counted.c.id))
            return [(row.key, row.number) for row in rows]

    async def until_stored(self, number: int) -> list[tuple[str, int]]:
        """Wait until `number` events are stored."""
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while len(stored := await self.stored()) < number:
            assert time.monotonic() < deadline, f"only {stored}"
            await asyncio.sleep(0.02)
        return stored


async def until(condition: Callable[[], bool | Awaitable[bool]]) -> None:
    """Wait until the condition holds; fail after `TIMEOUT_SECONDS`."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not await _holds(condition):
        assert time.monotonic() < deadline, "the condition does not hold"
        await asyncio.sleep(0.02)


async def _holds(condition: Callable[[], bool | Awaitable[bool]]) -> bool:
    try:
        result = condition()
        return result if isinstance(result, bool) else await result
    except BusUnavailable:
        # A topic that was just created has no leader yet.
        return False


@asynccontextmanager
async def consuming(
    bus: Bus,
    database: Database,
    group: str,
    topic: str,
    handle: BatchHandler,
    *,
    delays: tuple[float, ...] = (0.3, 0.6),
) -> AsyncIterator[Dispatcher]:
    """Run a group member that leaves cleanly when the block ends."""
    subscription = Subscription(group, [topic], handle)
    dispatcher = Dispatcher(bus, database, blocked_keys, subscription, delays)
    await bus.create(dispatcher.topics(4))
    running = asyncio.create_task(dispatcher.run())
    try:
        yield dispatcher
    finally:
        dispatcher.stop()
        await asyncio.wait_for(running, TIMEOUT_SECONDS)
