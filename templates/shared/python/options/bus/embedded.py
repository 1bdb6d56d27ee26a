"""Embedded bus for development: a durable log in one file, without a server.

It gives the same guarantees as a broker: order per key, consumer groups that share partitions, and no loss
when a process is killed. Its throughput is far lower, and it never deletes old records.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from ...ids import new_id
from ...tasks import cancel
from .logfile import LogFile, Member
from .port import BusUnavailable, Listener, Message, Offsets, Partition, Producer, Record, Topic

log = logging.getLogger(__name__)
T = TypeVar("T")

HEARTBEAT_SECONDS = 1.0
# How often members check whether partitions have to move.
REBALANCE_SECONDS = 0.25
POLL_SECONDS = 0.02


class EmbeddedBus:
    """Bus in the file at `path`; any number of processes may open it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, "bus")
        self._file: LogFile | None = None
        # Counts appends by this process; the file's version number only changes for those of others.
        self.appended = 0

    @property
    def producer(self) -> Producer:
        """The bus itself publishes."""
        return self

    async def publish(self, messages: Sequence[Message]) -> None:
        """Append the messages to the log."""
        if not messages:
            return
        await self.call(lambda file: file.append(messages))
        self.appended += 1

    async def consumer(self, group: str, topics: Sequence[str], listener: Listener) -> "EmbeddedConsumer":
        """Join the group."""
        return EmbeddedConsumer(self, Member(str(new_id()), group, topics), listener)

    async def reader(self, topics: Sequence[str]) -> "EmbeddedReader":
        """Return a reader of the topics, from their first records."""
        partitions = await self.call(lambda file: file.partitions(topics))
        return EmbeddedReader(self, partitions)

    async def create(self, topics: Iterable[Topic]) -> None:
        """Create missing topics; `retention_hours` is ignored."""
        await self.call(lambda file: file.create(list(topics)))

    async def lag(self, group: str, topics: Sequence[str]) -> dict[Partition, int]:
        """Return how many records of each partition the group has not committed."""
        return await self.call(lambda file: file.lag(group, topics))

    async def ping(self) -> None:
        """Raise unless the file can be read."""
        await self.call(lambda file: file.version())

    async def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            await self.call(lambda file: file.close())
        self._thread.shutdown()

    async def call(self, do: Callable[[LogFile], T]) -> T:
        """Run `do` with the file, in the file's thread; raise `BusUnavailable`."""

        def work() -> T:
            if self._file is None:
                self._file = LogFile(self._path)
            return do(self._file)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except sqlite3.OperationalError as error:
            raise BusUnavailable(f"{self._path}: {error}") from error


class EmbeddedConsumer:
    """Group member with a lease on each of its partitions, renewed by heartbeats."""

    def __init__(self, bus: EmbeddedBus, member: Member, listener: Listener) -> None:
        self._bus = bus
        self._member = member
        self._listener = listener
        self._positions: dict[Partition, int] = {}
        self._paused: set[Partition] = set()
        self._rebalanced_at = 0.0
        self._heartbeats = asyncio.create_task(self._send_heartbeats())

    async def poll(self, limit: int, seconds: float) -> list[Record]:
        """Return records as soon as there are any, or none after `seconds`."""
        deadline = time.monotonic() + seconds
        seen = None
        while True:
            if time.monotonic() - self._rebalanced_at >= REBALANCE_SECONDS:
                await self._rebalance()
                seen = None
            now = (self._bus.appended, await self._bus.call(lambda file: file.version()))
            records = await self._read(limit) if now != seen else []
            seen = now
            left = deadline - time.monotonic()
            if records or left <= 0:
                return records
            await asyncio.sleep(min(POLL_SECONDS, left))

    async def commit(self, offsets: Offsets) -> None:
        """Store the offsets of partitions that this member still owns."""
        await self._bus.call(lambda file: file.commit(self._member, offsets))

    async def pause(self, partitions: Collection[Partition]) -> None:
        """Return no records of these partitions until they are resumed."""
        self._paused.update(partitions)

    async def resume(self, partitions: Collection[Partition]) -> None:
        """Return records of these partitions again."""
        self._paused.difference_update(partitions)

    async def close(self) -> None:
        """Release all partitions and leave the group."""
        await self._release(frozenset(self._positions))
        await cancel(self._heartbeats)
        await self._bus.call(lambda file: file.leave(self._member))

    async def _read(self, limit: int) -> list[Record]:
        wanted = {at: self._positions[at] for at in self._positions if at not in self._paused}
        records = await self._bus.call(lambda file: file.read(wanted, limit))
        for record in records:
            # Move the partition to the end of the order, so that no partition starves the others.
            self._positions.pop(record.partition)
            self._positions[record.partition] = record.offset + 1
        return records

    async def _rebalance(self) -> None:
        assignment = await self._bus.call(lambda file: file.assign(self._member))
        self._rebalanced_at = time.monotonic()
        lost = self._positions.keys() - assignment.kept
        if lost:
            self._forget(lost)
            await self._listener.lost(lost)
        if assignment.to_release:
            await self._release(assignment.to_release)
        if assignment.new:
            group = self._member.group
            self._positions |= await self._bus.call(lambda file: file.committed(group, assignment.new))
            await self._listener.assigned(assignment.new)

    async def _release(self, partitions: frozenset[Partition]) -> None:
        self._forget(partitions)
        offsets = await self._listener.revoked(partitions)
        await self.commit(offsets)
        await self._bus.call(lambda file: file.release(self._member, partitions))

    def _forget(self, partitions: Collection[Partition]) -> None:
        self._paused.difference_update(partitions)
        for partition in partitions:
            self._positions.pop(partition, None)

    async def _send_heartbeats(self) -> None:
        while True:
            try:
                await self._bus.call(lambda file: file.heartbeat(self._member))
            except BusUnavailable as error:
                log.warning("The heartbeat could not be stored; retrying: %s", error)
            await asyncio.sleep(HEARTBEAT_SECONDS)


class EmbeddedReader:
    """Reads partitions from their first record."""

    def __init__(self, bus: EmbeddedBus, partitions: Collection[Partition]) -> None:
        self._bus = bus
        self._positions = dict.fromkeys(partitions, 0)

    async def read(self, limit: int) -> list[Record]:
        """Return the next records; an empty list at the end."""
        records = await self._bus.call(lambda file: file.read(self._positions, limit))
        for record in records:
            self._positions[record.partition] = record.offset + 1
        return records

    async def ends(self) -> dict[Partition, int]:
        """Return the offset that the next record of each partition gets."""
        return await self._bus.call(lambda file: file.ends(self._positions))

    async def close(self) -> None:
        """Do nothing: the file belongs to the bus."""
