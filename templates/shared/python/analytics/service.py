"""Analytics service: consumes the shop's events and maintains the windows."""

import asyncio
import logging
import time
from collections.abc import Collection, Sequence
from typing import Any

from chassis import clock
from chassis.db.database import Database

from .domain import TOPICS, Partition, Summary
from .ports import Bus, Consumer, Offsets, Record
from .store import Store
from .windows import Windows

log = logging.getLogger(__name__)
GROUP = "analytics"
BATCH = 2000
POLL_SECONDS = 0.1
SAVE_SECONDS = 1.0
PAUSE_SECONDS = 1.0


class Analytics:
    """The windows of this process: its own partitions are current, those of others as last stored.

    Any number of processes may run, as members of one consumer group. Each counts its assigned partitions,
    stores the counts with their positions about once a second, and adds what the others stored. The stored
    state is all that a partition's next owner needs. Committed offsets are never ahead of it, so no event is
    left out; records before a stored position are skipped, so no event is counted twice.
    """

    def __init__(self, database: Database, bus: Bus, currency: str) -> None:
        """`currency` is the shop's currency (ISO 4217)."""
        self._store = Store(database)
        self._bus = bus
        self._currency = currency
        self._windows = Windows(clock.now())
        self._consumer: Consumer | None = None
        self._assigned: set[Partition] = set()
        self._own: set[Partition] = set()
        self._records: Sequence[Record] = ()
        self._next_save = 0.0

    def summary(self) -> Summary:
        """Return the current summary of all windows."""
        return self._windows.summary(clock.now(), self._currency)

    async def run(self) -> None:
        """Consume until cancelled; retry while the database or the bus is unavailable."""
        while True:
            try:
                await self.step()
                # A poll that returns immediately does not yield to other tasks.
                await asyncio.sleep(0)
            except Exception:
                log.exception("Analytics could not process a batch; retrying")
                await asyncio.sleep(PAUSE_SECONDS)

    async def step(self) -> None:
        """Consume one batch; once per `SAVE_SECONDS`, store the counts and read those of other processes."""
        if self._consumer is None:
            self._consumer = await self._bus.consumer(GROUP, TOPICS, self)
        # Keep records that could not be counted because the database was unavailable: poll won't repeat them.
        self._records = self._records or await self._consumer.poll(BATCH, POLL_SECONDS)
        if self._assigned:
            await self._take_over()
        self._windows.apply(record for record in self._records if record.partition in self._own)
        self._records = ()
        if time.monotonic() >= self._next_save:
            self._next_save = time.monotonic() + SAVE_SECONDS
            try:
                await self._synchronize(self._consumer)
            except Exception as error:
                # Counting continues; the next save includes these counts.
                log.warning("Analytics could not store its counts; retrying: %r", error)

    async def close(self) -> None:
        """Store the counts and leave the group."""
        consumer, self._consumer = self._consumer, None
        self._records = ()
        try:
            if consumer is not None:
                await consumer.close()
        finally:
            await self.lost(self._own | self._assigned)

    async def assigned(self, partitions: Collection[Any]) -> None:
        """Take the partitions over before counting their next record."""
        self._assigned.update(partitions)

    async def revoked(self, partitions: Collection[Any]) -> Offsets:
        """Store the counts of the partitions; return the stored positions."""
        stored = {each: self._windows.counts_by_partition[each] for each in partitions if each in self._own}
        try:
            await self._store.save(self._windows, stored)
        except Exception:
            # The next owner counts the records after the stored positions again.
            log.exception("Analytics could not store its latest counts; the next owner recounts them")
        await self.lost(partitions)
        return {partition: counts.saved for partition, counts in stored.items()}

    async def lost(self, partitions: Collection[Any]) -> None:
        """Discard the counts of the partitions that are not stored."""
        self._assigned.difference_update(partitions)
        for partition in self._own.intersection(partitions):
            self._own.discard(partition)
            self._windows.forget(partition)

    async def _take_over(self) -> None:
        await self._store.begin(self._assigned)
        await self._store.refresh(self._windows, self._own)
        self._own |= self._assigned
        self._assigned = set()

    async def _synchronize(self, consumer: Consumer) -> None:
        await self._store.save(self._windows, self._own)
        if await self._store.refresh(self._windows, self._own):
            # Another process counts some of these partitions, or a rebuild replaced them. Rejoin the group: a
            # new member starts at the committed offsets, so records read too far ahead are read again.
            await self.close()
            return
        await consumer.commit({each: self._windows.counts_by_partition[each].saved for each in self._own})
