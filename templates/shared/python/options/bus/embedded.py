"""The embedded bus, for development: a durable log in one file, without any server.

It keeps what a broker promises: order per key, groups whose members share partitions, nothing lost when a
process is killed. It does not keep up with a broker's throughput, and it never drops old records.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from ..ids import new_id
from .logfile import LogFile, Member
from .port import BusUnavailable, Listener, Message, Offsets, Partition, Producer, Record, Topic

log = logging.getLogger(__name__)
T = TypeVar("T")

HEARTBEAT_SECONDS = 1.0
# How often members look whether partitions should change hands.
REBALANCE_SECONDS = 0.25
POLL_SECONDS = 0.02


class EmbeddedBus:
    """The bus in the file at `path`; any number of processes may open it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, "bus")
        self._file: LogFile | None = None
        # Counts what this process appended; the file's own version tells only of others.
        self.appended = 0

    @property
    def producer(self) -> Producer:
        """The bus itself."""
        return self

    async def publish(self, messages: Sequence[Message]) -> None:
        """Store the messages."""
        if not messages:
            return
        await self.call(lambda file: file.append(messages))
        self.appended += 1

    async def consumer(self, group: str, topics: Sequence[str], listener: Listener) -> "EmbeddedConsumer":
        """Become a member of the group."""
        return EmbeddedConsumer(self, Member(str(new_id()), group, topics), listener)

    async def reader(self, topics: Sequence[str]) -> "EmbeddedReader":
        """Read the topics from the start."""
        partitions = await self.call(lambda file: file.partitions(topics))
        return EmbeddedReader(self, partitions)

    async def create(self, topics: Iterable[Topic]) -> None:
        """Make the topics that are not there; `retention_hours` means nothing here."""
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
        """Do something with the file, in its thread; raise `BusUnavailable`."""

        def work() -> T:
            if self._file is None:
                self._file = LogFile(self._path)
            return do(self._file)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except sqlite3.OperationalError as error:
            raise BusUnavailable(f"{self._path}: {error}") from error


class EmbeddedConsumer:
    """A member that holds a lease on each of its partitions, and renews it while the process works."""

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
        """Store the offsets of the partitions that are still ours."""
        await self._bus.call(lambda file: file.commit(self._member, offsets))

    async def pause(self, partitions: Collection[Partition]) -> None:
        """Return no records of these."""
        self._paused.update(partitions)

    async def resume(self, partitions: Collection[Partition]) -> None:
        """Return records of these again."""
        self._paused.difference_update(partitions)

    async def close(self) -> None:
        """Leave the group in good order."""
        await self._release(frozenset(self._positions))
        self._heartbeats.cancel()
        with suppress(asyncio.CancelledError):
            await self._heartbeats
        await self._bus.call(lambda file: file.leave(self._member))

    async def _read(self, limit: int) -> list[Record]:
        wanted = {at: self._positions[at] for at in self._positions if at not in self._paused}
        records = await self._bus.call(lambda file: file.read(wanted, limit))
        for record in records:
            # What was read goes to the end of the line, so that no partition starves the others.
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
                log.warning("The bus does not take our heartbeat: %s", error)
            await asyncio.sleep(HEARTBEAT_SECONDS)


class EmbeddedReader:
    """Reads some partitions from their first record on."""

    def __init__(self, bus: EmbeddedBus, partitions: Collection[Partition]) -> None:
        self._bus = bus
        self._positions = dict.fromkeys(partitions, 0)

    async def read(self, limit: int) -> list[Record]:
        """Return the next records; none at the end."""
        records = await self._bus.call(lambda file: file.read(self._positions, limit))
        for record in records:
            self._positions[record.partition] = record.offset + 1
        return records

    async def close(self) -> None:
        """Do nothing: the file belongs to the bus."""
