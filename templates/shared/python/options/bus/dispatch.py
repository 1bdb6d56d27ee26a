"""The consumer of a service: takes events from the bus, and commits offsets after the database."""

import asyncio
import logging
import time
from collections.abc import Collection

from ..database import Database
from .handling import Handling, Subscription
from .held import Held
from .port import Bus, BusUnavailable, Consumer, Offsets, Partition, Topic
from .retries import RetryPath
from .work import Work

log = logging.getLogger(__name__)

POLL_LIMIT = 1000
IDLE_SECONDS = 0.25
BUSY_SECONDS = 0.01
COMMIT_SECONDS = 0.2
PAUSE_SECONDS = 1.0
# So many records of one partition may wait here; then the bus keeps them.
FULL = 2000
FULL_SECONDS = 0.5
FULL_PAUSE_SECONDS = 0.005
# How long a batch in hand may take when its partition goes to another member, or the process ends.
GRACE_SECONDS = 10.0


class Dispatcher:
    """One member of a subscription's group, with all its partitions.

    Partitions proceed beside each other, each in its own order. Every event is handled at least once; with
    the inbox in the handler's transaction, it takes effect once.
    """

    def __init__(
        self, bus: Bus, database: Database, held: Held, subscription: Subscription, delays: tuple[float, ...]
    ) -> None:
        """`delays` are the seconds that a failing event waits in each retry topic."""
        self._bus = bus
        self._group = subscription.group
        self._topics = subscription.topics
        self._path = RetryPath(subscription.group, subscription.topics, delays)
        self._handling = Handling(subscription, self._path, bus.producer, database, held)
        self.counts = self._handling.counts
        self._works: dict[Partition, Work] = {}
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
                await asyncio.sleep(PAUSE_SECONDS)

    def stop(self) -> None:
        """Take no more events; `run` returns soon."""
        self._stopping = True

    async def assigned(self, partitions: Collection[Partition]) -> None:
        """Expect records of these partitions."""
        for partition in partitions:
            self._works[partition] = Work(self._handling)

    async def revoked(self, partitions: Collection[Partition]) -> Offsets:
        """Finish the batches in hand of these partitions."""
        works = {each: self._works.pop(each) for each in partitions if each in self._works}
        self._paused.difference_update(partitions)
        ends = await asyncio.gather(*(work.finish(GRACE_SECONDS) for work in works.values()))
        return {each: done for each, done in zip(works, ends, strict=True) if done is not None}

    async def lost(self, partitions: Collection[Partition]) -> None:
        """Drop these partitions."""
        works = [self._works.pop(each) for each in partitions if each in self._works]
        self._paused.difference_update(partitions)
        await asyncio.gather(*(work.abort() for work in works))

    async def _consume(self) -> None:
        consumer = await self._bus.consumer(self._group, self._path.subscribed, self)
        try:
            while not self._stopping:
                busy = any(work.busy for work in self._works.values())
                for record in await consumer.poll(POLL_LIMIT, BUSY_SECONDS if busy else IDLE_SECONDS):
                    if record.partition in self._works:
                        self._works[record.partition].add(record)
                await self._press_back(consumer)
                await self._commit(consumer)
        finally:
            try:
                await consumer.close()
            finally:
                await self.lost(list(self._works))

    async def _press_back(self, consumer: Consumer) -> None:
        full = await self._full()
        free = {each for each in self._paused if self._works[each].waiting < FULL // 2}
        if full - self._paused:
            await consumer.pause(full - self._paused)
        if free:
            await consumer.resume(free)
        self._paused = (self._paused | full) - free

    async def _full(self) -> set[Partition]:
        """Return the partitions whose handlers are behind, and stay so for a moment.

        The client throws away what it has read ahead of a paused partition, so a short wait is cheaper.
        """
        full = {each for each, work in self._works.items() if work.waiting >= FULL}
        deadline = time.monotonic() + FULL_SECONDS
        while full - self._paused and time.monotonic() < deadline:
            await asyncio.sleep(FULL_PAUSE_SECONDS)
            full = {each for each in full if self._works[each].waiting > FULL // 2}
        return full

    async def _commit(self, consumer: Consumer) -> None:
        done = {each: work.done for each, work in self._works.items() if work.done is not None}
        if not done or time.monotonic() - self._committed_at < COMMIT_SECONDS:
            return
        self._committed_at = time.monotonic()
        try:
            await consumer.commit(done)
        except BusUnavailable as error:
            log.warning("%s could not commit yet: %s", self._group, error)
            return
        for partition, offset in done.items():
            work = self._works.get(partition)
            if work is not None and work.done == offset:
                work.done = None
