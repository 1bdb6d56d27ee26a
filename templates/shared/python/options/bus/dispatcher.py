"""Dispatcher: consumes events for a service, and commits offsets after its database transactions."""

import asyncio
import logging
import time
from collections.abc import Collection

from ...db.database import Database
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
# Limit of queued records per partition; beyond it the partition is paused.
MAX_WAITING = 2000
BACKPRESSURE_SECONDS = 0.5
BACKPRESSURE_POLL_SECONDS = 0.005
# How long a running batch may take when its partition is revoked or the process shuts down.
FINISH_TIMEOUT_SECONDS = 10.0


class Dispatcher:
    """One member of a subscription's consumer group, with its assigned partitions.

    Partitions are processed concurrently, each in order. Every event is handled at least once; with the inbox
    in the handler's transaction, it takes effect exactly once.
    """

    def __init__(
        self,
        bus: Bus,
        database: Database,
        blocked_keys: BlockedKeys,
        subscription: Subscription,
        delays: tuple[float, ...],
    ) -> None:
        """`delays` are the seconds that a failed event waits in each retry topic."""
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
        """Return the retry and dead-letter topics of the group."""
        return self._path.topics(partitions)

    async def lag(self) -> int:
        """Return how many records the group has not handled yet, including those in retry topics."""
        return sum((await self._bus.lag(self._group, self._path.subscribed)).values())

    async def run(self) -> None:
        """Handle events until `stop`; then finish running batches, commit, and leave the group."""
        while not self._stopping:
            try:
                await self._consume()
            except BusUnavailable as error:
                log.warning("Group %s cannot reach the bus; reconnecting: %s", self._group, error)
                await asyncio.sleep(RECONNECT_SECONDS)

    def stop(self) -> None:
        """Stop consuming; `run` returns after the running batches."""
        self._stopping = True

    async def assigned(self, partitions: Collection[Partition]) -> None:
        """Start a worker for each partition."""
        for partition in partitions:
            self._workers[partition] = PartitionWorker(self._processor)

    async def revoked(self, partitions: Collection[Partition]) -> Offsets:
        """Finish the running batches of the partitions; return the offsets to commit."""
        workers = {each: self._workers.pop(each) for each in partitions if each in self._workers}
        self._paused.difference_update(partitions)
        ends = await asyncio.gather(*(worker.finish(FINISH_TIMEOUT_SECONDS) for worker in workers.values()))
        return {each: done for each, done in zip(workers, ends, strict=True) if done is not None}

    async def lost(self, partitions: Collection[Partition]) -> None:
        """Abort the workers of the partitions, which may belong to another member already."""
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
        """Return the partitions whose queues stay full for `BACKPRESSURE_SECONDS`.

        Pausing a partition discards what the client has prefetched, so a short wait is cheaper.
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
            log.warning("Group %s could not commit its offsets; retrying: %s", self._group, error)
            return
        for partition, offset in done.items():
            worker = self._workers.get(partition)
            if worker is not None and worker.done == offset:
                worker.done = None
