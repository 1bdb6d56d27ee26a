"""What happens to the records of one partition: handled in order per key, retried, parked, or given up."""

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import stamina

from ..clock import now
from ..database import Database
from ..events import Event
from ..relay import Handler
from ..telemetry.traces import delivering
from .envelope import event_of
from .held import Held
from .port import Message, Producer, Record
from .retries import Delivery, RetryPath

log = logging.getLogger(__name__)

# Handles events in one transaction, all or none; told twice, the same events change nothing more.
Handle = Callable[[Sequence[Event]], Awaitable[None]]
Upcast = Callable[[Event], Event]

# For steps that must not be left out, because the record's offset is committed after them.
_persistently = stamina.retry(
    on=Exception, attempts=None, timeout=None, wait_initial=0.1, wait_max=5.0, wait_jitter=0.5
)

TRIES = 3
HANDLER_SECONDS = 15
# Few at a time, because requests need connections to the database too.
CONCURRENT = 4


def each(handlers: Mapping[str, Sequence[Handler]]) -> Handle:
    """Return what hands an event to the handlers of its type, in turn; nobody's event is done."""

    async def handle(events: Sequence[Event]) -> None:
        for event in events:
            with delivering(event):
                for handler in handlers.get(event.type, ()):
                    await handler(event)

    return handle


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a group does with the events of some topics.

    With `together`, all events that have arrived are handled in one call, which is quicker; if that fails,
    and always without it, each is handled in a call of its own.
    """

    group: str
    topics: Sequence[str]
    handle: Handle
    together: bool = False
    upcast: Upcast = lambda event: event


@dataclass(slots=True)
class Counts:
    """What became of the records since the start: `failed` counts every failed try of an event."""

    handled: int = 0
    failed: int = 0
    retried: int = 0
    parked: int = 0
    dead: int = 0


class Handling:
    """Handles records on behalf of one subscription.

    An event that fails is tried again at once, a few times; then it goes from one retry topic to the next,
    and in the end it is a dead letter. So that events stay in order, later ones of its key go behind it into
    the same topics; once it is dead, they go on. What cannot be read is a dead letter immediately. While the
    database or the bus is away, everything waits.
    """

    def __init__(
        self, subscription: Subscription, path: RetryPath, producer: Producer, database: Database, held: Held
    ) -> None:
        self.counts = Counts()
        self._subscription = subscription
        self._path = path
        self._producer = producer
        self._database = database
        self._held = held
        self._turn = asyncio.Semaphore(CONCURRENT)

    def seconds_until_due(self, record: Record) -> float:
        """Return how long a record has to wait; nothing, unless it is in a retry topic."""
        due = self._path.due(record)
        return (due - now()).total_seconds() if due else 0.0

    async def settle(self, records: Sequence[Record]) -> None:
        """Bring records of one partition to an end: when this returns, their offsets may be committed."""
        deliveries = [self._path.delivery(record) for record in records]
        held = await self._find_held(deliveries)
        if self._subscription.together and not held and await self._handled_together(deliveries):
            return
        lanes: dict[str, list[Delivery]] = defaultdict(list)
        for delivery in deliveries:
            lanes[delivery.record.key].append(delivery)
        async with asyncio.TaskGroup() as tasks:
            for key, lane in lanes.items():
                tasks.create_task(self._settle_in_order(lane, held.get(key, set())))

    async def _handled_together(self, deliveries: Sequence[Delivery]) -> bool:
        try:
            events = [self._event(delivery) for delivery in deliveries]
            async with self._turn, asyncio.timeout(HANDLER_SECONDS):
                await self._subscription.handle(events)
        except Exception as error:
            log.info("%d events failed together, now one by one: %r", len(deliveries), error)
            return False
        self.counts.handled += len(events)
        return True

    async def _settle_in_order(self, lane: Sequence[Delivery], held: set[int]) -> None:
        for delivery in lane:
            if self._must_wait(delivery, held):
                await self._park(delivery)
                held.add(delivery.position)
                continue
            error = await self._failure(delivery)
            if error is None:
                self.counts.handled += 1
                await self._release(delivery)
                held.discard(delivery.position)
            elif isinstance(error, msgspec.MsgspecError) or self._path.is_last(delivery):
                await self._bury(delivery, error)
                held.discard(delivery.position)
            else:
                await self._retry_later(delivery, error)
                held.add(delivery.position)

    @staticmethod
    def _must_wait(delivery: Delivery, held: set[int]) -> bool:
        # One that is held itself, and comes from where it was published, was parked before a crash.
        last = delivery.position if delivery.stage == 0 else delivery.position - 1
        return any(position <= last for position in held)

    async def _failure(self, delivery: Delivery) -> Exception | None:
        """Handle the event; return why that failed, or None."""
        tries = 0
        while True:
            try:
                event = self._event(delivery)
                async with self._turn, asyncio.timeout(HANDLER_SECONDS):
                    await self._subscription.handle([event])
            except msgspec.MsgspecError as error:
                self.counts.failed += 1
                return error
            except Exception as error:
                self.counts.failed += 1
                # Without its database, no handler can do anything; that is not the event's fault.
                if await self._database_answers():
                    tries += 1
                if tries == TRIES:
                    return error
                await asyncio.sleep(random.uniform(0.05, 0.2) * 2**tries)  # noqa: S311
            else:
                return None

    def _event(self, delivery: Delivery) -> Event:
        return self._subscription.upcast(event_of(delivery.record))

    async def _database_answers(self) -> bool:
        try:
            await self._database.ping()
        except Exception:
            return False
        return True

    async def _park(self, delivery: Delivery) -> None:
        await self._hold(delivery)
        await self._publish(self._path.behind(delivery))
        self.counts.parked += 1

    async def _retry_later(self, delivery: Delivery, error: Exception) -> None:
        message = self._path.again(delivery, error)
        log.warning("%s goes to %s: %r", _name(delivery), message.topic, error)
        await self._hold(delivery)
        await self._publish(message)
        self.counts.retried += 1

    async def _bury(self, delivery: Delivery, error: Exception) -> None:
        log.error("%s is dead: %r", _name(delivery), error)
        await self._publish(self._path.dead_letter(delivery, error))
        await self._release(delivery)
        self.counts.dead += 1

    @_persistently
    async def _find_held(self, deliveries: Sequence[Delivery]) -> dict[str, set[int]]:
        keys = {delivery.record.key for delivery in deliveries}
        async with self._database.reading() as connection:
            return await self._held.find(connection, self._subscription.group, deliveries[0].topic, keys)

    @_persistently
    async def _hold(self, delivery: Delivery) -> None:
        async with self._database.transaction() as transaction:
            await self._held.add(transaction, *self._place(delivery))

    @_persistently
    async def _release(self, delivery: Delivery) -> None:
        if delivery.stage:
            async with self._database.transaction() as transaction:
                await self._held.remove(transaction, *self._place(delivery))

    @_persistently
    async def _publish(self, message: Message) -> None:
        await self._producer.publish([message])

    def _place(self, delivery: Delivery) -> tuple[str, str, str, int]:
        return self._subscription.group, delivery.topic, delivery.record.key, delivery.position


def _name(delivery: Delivery) -> str:
    headers = delivery.record.headers
    return f"Event {headers.get('id', '?')} ({headers.get('type', '?')})"
