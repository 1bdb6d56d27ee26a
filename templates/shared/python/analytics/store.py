"""Store of the windows: buckets, with the positions up to which they are counted."""

from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from chassis.db.conflicts import retry_conflicts
from chassis.db.connections import Connection
from chassis.db.database import Database

from .bucket import Bucket
from .domain import Partition
from .partition_counts import PartitionCounts
from .ports import Offsets
from .tables import bucket, progress
from .windows import Windows

_PROGRESS = sa.select(progress)
_PROGRESS_TO_CHANGE = sa.select(progress).order_by(progress.c.topic, progress.c.partition).with_for_update()
_BEGIN = sa.insert(progress)
_THIS_PROGRESS = sa.and_(
    progress.c.topic == sa.bindparam("of_topic"), progress.c.partition == sa.bindparam("of_partition")
)
_ADVANCE = (
    sa.update(progress)
    .where(
        _THIS_PROGRESS,
        progress.c.generation == sa.bindparam("in_generation"),
        progress.c.position == sa.bindparam("saved"),
    )
    .values(position=sa.bindparam("new_position"))
)
_REPLACE = (
    sa.update(progress)
    .where(_THIS_PROGRESS)
    .values(generation=progress.c.generation + 1, position=sa.bindparam("new_position"))
)
_THIS_BUCKET = sa.and_(
    bucket.c.topic == sa.bindparam("of_topic"), bucket.c.partition == sa.bindparam("of_partition")
)
# One statement, so that the position and the buckets match.
_CHANGED = (
    sa.select(progress.c.generation, progress.c.position, bucket.c.minute, bucket.c.data)
    .outerjoin_from(
        progress,
        bucket,
        sa.and_(
            bucket.c.topic == progress.c.topic,
            bucket.c.partition == progress.c.partition,
            bucket.c.position > sa.bindparam("after"),
            bucket.c.minute >= sa.bindparam("oldest"),
        ),
    )
    .where(_THIS_PROGRESS)
)
_REMOVE = sa.delete(bucket).where(
    _THIS_BUCKET,
    sa.or_(
        bucket.c.minute < sa.bindparam("oldest"),
        bucket.c.minute.in_(sa.bindparam("minutes", expanding=True)),
    ),
)
_CLEAR = sa.delete(bucket).where(_THIS_BUCKET)
_ADD = sa.insert(bucket)

_decode = msgspec.msgpack.Decoder(Bucket).decode
_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True)
class _PendingSave:
    """State of one partition to store, captured at one moment while counting continues."""

    partition: Partition
    counts: PartitionCounts
    position: int
    buckets: dict[int, bytes]


class Store:
    """Windows in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, partitions: Iterable[Partition]) -> None:
        """Insert a position for each partition that has none."""
        async with self._database.reading() as connection:
            known = {_partition(row) for row in await connection.execute(_PROGRESS)}
        for topic, number in sorted(set(partitions) - known):
            row = {"topic": topic, "partition": number, "generation": 1, "position": 0}
            with suppress(IntegrityError):
                # A concurrent process inserted the same initial position.
                async with self._database.transaction() as transaction:
                    await transaction.execute(_BEGIN, row)

    async def refresh(self, windows: Windows, own: Collection[Partition] = ()) -> list[Partition]:
        """Update `windows` to the stored state of all partitions except `own`, reading only changes.

        Return the partitions of `own` that another process has written since they were saved or read here.
        """
        overwritten = []
        async with self._database.reading() as connection:
            for row in (await connection.execute(_PROGRESS)).all():
                partition = _partition(row)
                counts = windows.counts_by_partition.get(partition)
                if counts is not None and (counts.generation, counts.saved) == (row.generation, row.position):
                    continue
                if partition in own:
                    overwritten.append(partition)
                else:
                    await _read(connection, windows, partition, row.generation)
        return overwritten

    @retry_conflicts
    async def save(self, windows: Windows, own: Iterable[Partition]) -> None:
        """Store the changes of the partitions `own`, except those that another process has written."""
        pending_saves = [
            _pending_save(partition, counts)
            for partition, counts in sorted((each, windows.counts_by_partition[each]) for each in own)
            if counts.position != counts.saved
        ]
        if not pending_saves:
            return
        async with self._database.transaction() as transaction:
            kept = [each for each in pending_saves if await self._save_one(transaction, each, windows.oldest)]
        for pending in kept:
            pending.counts.saved = pending.position
            pending.counts.changed -= pending.buckets.keys()

    async def _save_one(self, transaction: Connection, pending: _PendingSave, oldest: int) -> bool:
        counts = pending.counts
        expected = {
            "in_generation": counts.generation,
            "saved": counts.saved,
            "new_position": pending.position,
        }
        if not (await transaction.execute(_ADVANCE, {**_of(pending.partition), **expected})).rowcount:
            return False
        obsolete = {"oldest": oldest, "minutes": list(pending.buckets)}
        await transaction.execute(_REMOVE, {**_of(pending.partition), **obsolete})
        await _add(transaction, pending)
        return True

    @retry_conflicts
    async def replace(self, windows: Windows, ends: Callable[[], Awaitable[Offsets]]) -> bool:
        """Replace the stored state of all partitions by `windows`, as a new generation.

        Return False, and change nothing, if the stored position of a partition is ahead. One that is behind
        the end of the partition, which `ends` returns, is that of an earlier topic of the same name. A
        partition that is not in `windows` does not exist any longer, and keeps its position.
        """
        async with self._database.transaction() as transaction:
            stored = {_partition(row): row.position for row in await transaction.execute(_PROGRESS_TO_CHANGE)}
            counted = windows.counts_by_partition
            ahead = [each for each in stored.keys() & counted if counted[each].position < stored[each]]
            if ahead:
                reached = await ends()
                if any(stored[each] <= reached[each] for each in ahead):
                    return False
            for partition, position in stored.items():
                pending = _pending_save(partition, counted.get(partition) or PartitionCounts(0, position))
                values = _of(partition)
                await transaction.execute(_REPLACE, {**values, "new_position": pending.position})
                await transaction.execute(_CLEAR, values)
                await _add(transaction, pending)
        return True


async def _read(connection: Connection, windows: Windows, partition: Partition, generation: int) -> None:
    counts = windows.counts_by_partition.get(partition)
    same = counts is not None and counts.generation == generation
    values = {
        **_of(partition),
        "after": counts.saved if counts is not None and same else -1,
        "oldest": windows.oldest,
    }
    rows = (await connection.execute(_CHANGED, values)).all()
    if rows[0].generation != generation:
        # Another process has just replaced the buckets; the next refresh reads all of them.
        return
    if not same:
        windows.forget(partition)
    changed = {row.minute: _decode(row.data) for row in rows if row.data is not None}
    windows.put(partition, generation, rows[0].position, changed)


def _pending_save(partition: Partition, counts: PartitionCounts) -> _PendingSave:
    buckets = {minute: _encode(counts.buckets[minute]) for minute in sorted(counts.changed)}
    return _PendingSave(partition, counts, counts.position, buckets)


async def _add(transaction: Connection, pending: _PendingSave) -> None:
    topic, number = pending.partition
    same = {"topic": topic, "partition": number, "position": pending.position}
    rows = [{**same, "minute": minute, "data": data} for minute, data in pending.buckets.items()]
    if rows:
        await transaction.execute(_ADD, rows)


def _partition(row: sa.Row[Any]) -> Partition:
    return row.topic, row.partition


def _of(partition: Partition) -> dict[str, Any]:
    return {"of_topic": partition[0], "of_partition": partition[1]}
