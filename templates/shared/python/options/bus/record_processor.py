"""Record processor: handles the records of a partition in order per key, with retries and dead letters."""

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
import stamina

from ...batching import Batcher
from ...clock import now
from ...db.conflicts import lacks_table
from ...db.database import Database
from ..events import BatchHandler, Event
from .blocked_keys import BlockedKeys
from .envelope import event_of
from .port import Message, MessagesRefused, Producer, Record
from .retries import Delivery, RetryPath

log = logging.getLogger(__name__)

Upcast = Callable[[Event], Event]

# For steps that must succeed before the record's offset is committed.
_retry_forever = stamina.retry(
    on=lambda error: not (isinstance(error, MessagesRefused) or lacks_table(error)),
    attempts=None,
    timeout=None,
    wait_initial=0.1,
    wait_max=5.0,
    wait_jitter=0.5,
)

MAX_ATTEMPTS = 3
HANDLER_TIMEOUT_SECONDS = 15
# Low, because the process's requests need database connections too.
MAX_CONCURRENT = 4
# Batches of several partitions that are handled together.
MAX_BATCHES = 10


@dataclass(frozen=True, slots=True)
class Subscription:
    """A consumer group's topics, and how it handles their events.

    All events that have arrived are handled in one call and, if that fails, those of each partition and then
    each alone.
    """

    group: str
    topics: Sequence[str]
    handle: BatchHandler
    upcast: Upcast = lambda event: event


@dataclass(slots=True)
class Counts:
    """Number of records by outcome since the process started; `failed` counts every failed attempt."""

    handled: int = 0
    failed: int = 0
    retried: int = 0
    parked: int = 0
    dead: int = 0


class RecordProcessor:
    """Handles the records of one subscription.

    An event that fails is retried a few times immediately, then through the retry topics, and is finally
    dead-lettered. To keep the order, later events of its key are parked behind it in the same topics; they
    proceed once it is dead-lettered. A record that cannot be decoded is dead-lettered immediately. One that,
    with the headers of a retry, is larger than the bus accepts becomes a dead letter without its content.
    While the database or the bus is unavailable, processing waits. If a table is missing, processing raises:
    it may be in another database now, so another consumer has to handle the records.
    """

    def __init__(
        self,
        subscription: Subscription,
        path: RetryPath,
        producer: Producer,
        database: Database,
        blocked_keys: BlockedKeys,
    ) -> None:
        self.counts = Counts()
        self._subscription = subscription
        self._path = path
        self._producer = producer
        self._database = database
        self._blocked_keys = blocked_keys
        self._slots = asyncio.Semaphore(MAX_CONCURRENT)
        self._together = Batcher(self._process_together, MAX_BATCHES)

    def seconds_until_due(self, record: Record) -> float:
        """Return the seconds until a record may be handled; 0 unless it is in a retry topic."""
        due = self._path.due(record)
        return (due - now()).total_seconds() if due else 0.0

    async def process(self, records: Sequence[Record]) -> None:
        """Handle, park or dead-letter records of one partition; afterwards their offsets may be committed."""
        deliveries = [self._path.delivery(record) for record in records]
        if await self._together.call(deliveries):
            return
        blocked = await self._find_blocked(deliveries)
        key_queues: dict[str, list[Delivery]] = defaultdict(list)
        for delivery in deliveries:
            key_queues[delivery.record.key].append(delivery)
        async with asyncio.TaskGroup() as tasks:
            for key, key_queue in key_queues.items():
                tasks.create_task(self._process_in_order(key_queue, blocked[key_queue[0].topic, key]))

    async def _process_together(self, batches: Sequence[Sequence[Delivery]]) -> list[bool]:
        """Handle batches of several partitions in one call or, if that fails, each in its own.

        Return for each whether it was handled. One with a blocked key is not.
        """
        blocked = await self._find_blocked([delivery for batch in batches for delivery in batch])
        free = [not any(_key(delivery) in blocked for delivery in batch) for batch in batches]
        together = [each for each, is_free in zip(batches, free, strict=True) if is_free]
        if len(together) > 1 and await self._handled([each for batch in together for each in batch]):
            return free
        return [is_free and await self._handled(each) for each, is_free in zip(batches, free, strict=True)]

    async def _handled(self, deliveries: Sequence[Delivery]) -> bool:
        try:
            events = [self._event(delivery) for delivery in deliveries]
            async with self._slots, asyncio.timeout(HANDLER_TIMEOUT_SECONDS):
                await self._subscription.handle(events)
        except Exception as error:
            if lacks_table(error):
                raise
            log.info("A batch of %d events failed; handling them one by one: %r", len(deliveries), error)
            return False
        self.counts.handled += len(events)
        return True

    async def _process_in_order(self, key_queue: Sequence[Delivery], blocked: set[int]) -> None:
        for delivery in key_queue:
            try:
                waits = await self._waits(delivery, blocked)
            except MessagesRefused as refused:
                await self._dead_letter(delivery, self._path.reference(delivery, refused), refused)
                waits = False
            if waits:
                blocked.add(delivery.position)
            else:
                blocked.discard(delivery.position)

    async def _waits(self, delivery: Delivery, blocked: set[int]) -> bool:
        """Handle, park or dead-letter the delivery; return whether it is in a retry topic now."""
        if self._is_blocked(delivery, blocked):
            await self._park(delivery)
            return True
        error = await self._handle_delivery(delivery)
        if error is None:
            self.counts.handled += 1
            if delivery.stage:
                await self._unblock(delivery)
            return False
        if isinstance(error, msgspec.MsgspecError) or self._path.is_last(delivery):
            await self._dead_letter(delivery, self._path.dead_letter(delivery, error), error)
            return False
        await self._retry_later(delivery, error)
        return True

    @staticmethod
    def _is_blocked(delivery: Delivery, blocked: set[int]) -> bool:
        # A blocked event in its original topic was parked before a crash, so its own entry blocks it too.
        last = delivery.position if delivery.stage == 0 else delivery.position - 1
        return any(position <= last for position in blocked)

    async def _handle_delivery(self, delivery: Delivery) -> Exception | None:
        """Handle the event; return the error of the last attempt, or None."""
        attempts = 0
        while True:
            try:
                event = self._event(delivery)
                async with self._slots, asyncio.timeout(HANDLER_TIMEOUT_SECONDS):
                    await self._subscription.handle([event])
            except msgspec.MsgspecError as error:
                self.counts.failed += 1
                return error
            except Exception as error:
                self.counts.failed += 1
                if lacks_table(error):
                    raise
                # A failure does not count as an attempt while the database is unavailable.
                if await self._database_answers():
                    attempts += 1
                if attempts == MAX_ATTEMPTS:
                    return error
                await asyncio.sleep(random.uniform(0.05, 0.2) * 2**attempts)  # noqa: S311
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
        await self._block(delivery)
        await self._publish(self._path.retry_behind(delivery))
        self.counts.parked += 1

    async def _retry_later(self, delivery: Delivery, error: Exception) -> None:
        message = self._path.retry(delivery, error)
        log.warning("%s failed; retrying through %s: %r", _name(delivery), message.topic, error)
        await self._block(delivery)
        await self._publish(message)
        self.counts.retried += 1

    async def _dead_letter(self, delivery: Delivery, message: Message, error: Exception) -> None:
        log.error("%s failed for good and is dead-lettered: %r", _name(delivery), error)
        await self._publish(message)
        await self._unblock(delivery)
        self.counts.dead += 1

    @_retry_forever
    async def _find_blocked(self, deliveries: Sequence[Delivery]) -> dict[tuple[str, str], set[int]]:
        keys = {delivery.record.key for delivery in deliveries}
        async with self._database.reading() as connection:
            return await self._blocked_keys.find(connection, self._subscription.group, keys)

    @_retry_forever
    async def _block(self, delivery: Delivery) -> None:
        async with self._database.transaction() as transaction:
            await self._blocked_keys.add(transaction, *self._origin(delivery))

    @_retry_forever
    async def _unblock(self, delivery: Delivery) -> None:
        async with self._database.transaction() as transaction:
            await self._blocked_keys.remove(transaction, *self._origin(delivery))

    @_retry_forever
    async def _publish(self, message: Message) -> None:
        await self._producer.publish([message])

    def _origin(self, delivery: Delivery) -> tuple[str, str, str, int]:
        return self._subscription.group, delivery.topic, delivery.record.key, delivery.position


def _key(delivery: Delivery) -> tuple[str, str]:
    return delivery.topic, delivery.record.key


def _name(delivery: Delivery) -> str:
    headers = delivery.record.headers
    return f"Event {headers.get('id', '?')} ({headers.get('type', '?')})"
