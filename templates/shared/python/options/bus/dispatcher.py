"""The consumer of a service: takes events from the bus, and commits offsets after the database."""

import asyncio
import logging
import time
from collections.abc import Collection

from ..database import Database
from .blocked_keys import BlockedKeys
from .partition_worker import PartitionWorker
from .port import Bus, BusUnavailable, Consumer, Offsets, Partition, Topic
from .record_processor import RecordProcessor, Subscription
from .retries import RetryPath

log = logging.getLogger(__name__)

POLL_LIMIT = 1000
IDLE_POLL_SECONDS = 0.25
BUSY_POLL_SECONDS = 0.01
COMMIT_SECONDS = 0.2
RECONNECT_SECONDS = 1.0
# So many records of one partition may wait here; then the bus keeps them.
MAX_WAITING = 2000
BACKPRESSURE_SECONDS = 0.5
BACKPRESSURE_POLL_SECONDS = 0.005
# How long a batch in hand may take when its partition goes to another member, or the process ends.
FINISH_TIMEOUT_SECONDS = 10.0


class Dispatcher:
    """One member of a subscription's group, with all its partitions.

    Partitions proceed beside each other, each in its own order. Every event is handled at least once; with
    the inbox in the handler's transaction, it takes effect once.
    """

    def __init__(
        self,
        bus: Bus,
        database: Database,
        blocked_keys: BlockedKeys,
        subscription: Subscription,
        delays: tuple[float, ...],
    ) -> None:
        """`delays` are the seconds that a failing event waits in each retry topic."""
        self._bus = bus
        self._group = subscription.group
        self._topics = subscription.topics
        self._path = RetryPath(subscription.group, subscription.topics, delays)
        self._processor = RecordProcessor(subscription, self._path, bus.producer, database, blocked_keys)
        self.counts = self._processor.counts
        self._workers: dict[Partition, PartitionWorker] = {}
        self._paused: set[Partition] = set()
        self._committed_at = 0.0
        self._stopping = False

    def topics(self, partitions: int) -> list[Topic]:
        """Return the topics that the group needs beside those that it subscribes to."""
        return self._path.topics(partitions)

    async def lag(self) -> int:
        """Return how many records wait for the group, those in retry topics included."""
        return sum((await self._bus.lag(self._group, self._path.subscribed)).values())

    async def run(self) -> None:
        """Handle events until `stop`; then finish what is in hand, commit, and leave the group."""
        while not self._stopping:
            try:
                await self._consume()
            except BusUnavailable as error:
                log.warning("%s waits for the bus: %s", self._group, error)
                await asyncio.sleep(RECONNECT_SECONDS)

    def stop(self) -> None:
        """Take no more events; `run` returns soon."""
        self._stopping = True

    async def assigned(self, partitions: Collection[Partition]) -> None:
        """Expect records of these partitions."""
        for partition in partitions:
            self._workers[partition] = PartitionWorker(self._processor)

    async def revoked(self, partitions: Collection[Partition]) -> Offsets:
        """Finish the batches in hand of these partitions."""
        workers = {each: self._workers.pop(each) for each in partitions if each in self._workers}
        self._paused.difference_update(partitions)
        ends = await asyncio.gather(*(worker.finish(FINISH_TIMEOUT_SECONDS) for worker in workers.values()))
        return {each: done for each, done in zip(workers, ends, strict=True) if done is not None}

    async def lost(self, partitions: Collection[Partition]) -> None:
        """Drop these partitions."""
        workers = [self._workers.pop(each) for each in partitions if each in self._workers]
        self._paused.difference_update(partitions)
        await asyncio.gather(*(worker.abort() for worker in workers))

    async def _consume(self) -> None:
        consumer = await self._bus.consumer(self._group, self._path.subscribed, self)
        try:
            while not self._stopping:
                busy = any(worker.busy for worker in self._workers.values())
                for record in await consumer.poll(
                    POLL_LIMIT, BUSY_POLL_SECONDS if busy else IDLE_POLL_SECONDS
                ):
                    if record.partition in self._workers:
                        self._workers[record.partition].add(record)
                await self._apply_backpressure(consumer)
                await self._commit(consumer)
        finally:
            try:
                await consumer.close()
            finally:
                await self.lost(list(self._workers))

    async def _apply_backpressure(self, consumer: Consumer) -> None:
        backlogged = await self._backlogged()
        drained = {each for each in self._paused if self._workers[each].waiting < MAX_WAITING // 2}
        if backlogged - self._paused:
            await consumer.pause(backlogged - self._paused)
        if drained:
            await consumer.resume(drained)
        self._paused = (self._paused | backlogged) - drained

    async def _backlogged(self) -> set[Partition]:
        """Return the partitions whose handlers are behind, and stay so for a moment.

        The client throws away what it has read ahead of a paused partition, so a short wait is cheaper.
        """
        backlogged = {each for each, worker in self._workers.items() if worker.waiting >= MAX_WAITING}
        deadline = time.monotonic() + BACKPRESSURE_SECONDS
        while backlogged - self._paused and time.monotonic() < deadline:
            await asyncio.sleep(BACKPRESSURE_POLL_SECONDS)
            backlogged = {each for each in backlogged if self._workers[each].waiting > MAX_WAITING // 2}
        return backlogged

    async def _commit(self, consumer: Consumer) -> None:
        done = {each: worker.done for each, worker in self._workers.items() if worker.done is not None}
        if not done or time.monotonic() - self._committed_at < COMMIT_SECONDS:
            return
        self._committed_at = time.monotonic()
        try:
            await consumer.commit(done)
        except BusUnavailable as error:
            log.warning("%s could not commit yet: %s", self._group, error)
            return
        for partition, offset in done.items():
            worker = self._workers.get(partition)
            if worker is not None and worker.done == offset:
                worker.done = None
