"""Consumes the shop's events and shows the windows."""

import asyncio
import logging
import time
from collections.abc import Collection, Sequence
from typing import Any

from ..chassis import clock
from ..chassis.database import Database
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
    """The windows of this process: its own partitions as of now, those of others as they were last stored.

    Any number of processes may run, as members of one consumer group: each counts the partitions that it is
    given, stores them about once a second together with its positions, and adds what the others stored. The
    stored state is all that a partition's next owner needs. What is committed to the bus is never ahead of
    it, so nothing is left out; records below a stored position are known, so nothing is counted twice.
    """

    def __init__(self, database: Database, bus: Bus, currency: str) -> None:
        """`currency` (ISO 4217) is the shop's."""
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
        """Return what the windows show now."""
        return self._windows.summary(clock.now(), self._currency)

    async def run(self) -> None:
        """Consume until cancelled; a database or a bus that is away is waited for."""
        while True:
            try:
                await self.step()
                # A poll that finds records at once gives nobody else a turn.
                await asyncio.sleep(0)
            except Exception:
                log.exception("Analytics failed and goes on")
                await asyncio.sleep(PAUSE_SECONDS)

    async def step(self) -> None:
        """Consume one batch; when it is time, store what is counted and read what others have stored."""
        if self._consumer is None:
            self._consumer = await self._bus.consumer(GROUP, TOPICS, self)
        # Records that could not be counted, because the database was away, will not be returned again.
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
                # Counting can go on meanwhile.
                log.warning("Analytics could not store what it counted and tries again: %r", error)

    async def close(self) -> None:
        """Store what is counted and leave the group."""
        consumer, self._consumer = self._consumer, None
        self._records = ()
        try:
            if consumer is not None:
                await consumer.close()
        finally:
            await self.lost(self._own | self._assigned)

    async def assigned(self, partitions: Collection[Any]) -> None:
        """Take these over before their first record is counted."""
        self._assigned.update(partitions)

    async def revoked(self, partitions: Collection[Any]) -> Offsets:
        """Store these, and say how far that is."""
        stored = {each: self._windows.counts_by_partition[each] for each in partitions if each in self._own}
        try:
            await self._store.save(self._windows, stored)
        except Exception:
            # The next owner counts again what is not stored.
            log.exception("Analytics could not store what it counted last")
        await self.lost(partitions)
        return {partition: counts.saved for partition, counts in stored.items()}

    async def lost(self, partitions: Collection[Any]) -> None:
        """Forget what is counted but not stored."""
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
            # Another process counts some of these, or a rebuild was done. A new member begins at what is
            # committed, so it meets again what we have read too far.
            await self.close()
            return
        await consumer.commit({each: self._windows.counts_by_partition[each].saved for each in self._own})
