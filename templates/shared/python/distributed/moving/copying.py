"""Copying of rows from the source to the target."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from ..schema import ARRIVING
from .tables import Key, MovingTable

BATCH = 1000
_ATTEMPTS = 20


class Copying:
    """Copies tables of the source, a connection in autocommit mode, to the arriving ones of the target."""

    def __init__(
        self, source: AsyncConnection, target: AsyncConnection, tables: Sequence[MovingTable], batch: int
    ) -> None:
        self._source = source
        self._target = target
        self._tables = tables
        self.batch = batch
        self.applied: dict[MovingTable, set[Key]] = {}
        """Keys of the changes that were copied, of the tables that are in it."""

    async def copy_all(self) -> None:
        """Copy all rows in the order of their keys; resume behind the rows that an earlier run has copied."""
        for moving in self._tables:
            last = await self._progress(moving)
            while (copied := await self._copy_batch(moving, last)) is not None:
                last = copied

    async def catch_up(self, prefix: str = "") -> int:
        """Copy the rows with logged changes, at most a batch of each table; return the number of changes.

        `prefix` is that of the tables in the source.
        """
        return sum([await self._apply(moving, prefix) for moving in self._tables])

    async def _copy_batch(self, moving: MovingTable, last: Key | None) -> Key | None:
        """Copy the rows behind `last`, and return the last key; None if there are no rows."""
        table = moving.named("")
        batch = moving.in_order(table).limit(self.batch)
        if last is not None:
            batch = batch.where(moving.follows(last, table))
        for attempt in range(_ATTEMPTS):
            rows = (await self._source.execute(batch)).all()
            if not rows:
                return None
            copied = moving.key(rows[-1])
            try:
                await self._replace(moving, [moving.key(row) for row in rows], rows, progress=copied)
            except IntegrityError:
                # A copied row may have had, in the meantime, a unique value that a row of this batch has now.
                if attempt == _ATTEMPTS - 1:
                    raise
                await self.catch_up()
            else:
                return copied
        raise AssertionError

    async def _apply(self, moving: MovingTable, prefix: str) -> int:
        log, table = moving.changes, moving.named(prefix)
        for attempt in range(_ATTEMPTS):
            # With the whole log, rows that exchanged a unique value are replaced together.
            oldest = sa.select(log).order_by(log.c.log_number).limit(self.batch * 2**attempt)
            changes = (await self._source.execute(oldest)).all()
            keys = {moving.key(change) for change in changes}
            found = sa.select(table).where(moving.is_one_of([*keys], table))
            rows = (await self._source.execute(found)).all() if keys else []
            try:
                await self._replace(moving, keys, rows)
            except IntegrityError:
                if attempt == _ATTEMPTS - 1:
                    raise
            else:
                break
        if moving in self.applied:
            self.applied[moving] |= keys
        # By number: a transaction that commits later may have logged a change with a lower one.
        numbers = [change.log_number for change in changes]
        await self._source.execute(log.delete().where(log.c.log_number.in_(numbers)))
        return len(changes)

    async def _replace(
        self,
        moving: MovingTable,
        keys: Collection[Key],
        rows: Sequence[sa.Row[Any]],
        progress: Key | None = None,
    ) -> None:
        """Replace the rows of the target that have these keys by those of the source."""
        table = moving.named(ARRIVING)
        async with self._target.begin():
            if keys:
                await self._target.execute(sa.delete(table).where(moving.is_one_of([*keys], table)))
            if rows:
                await self._target.execute(sa.insert(table), [dict(row._mapping) for row in rows])
            if progress is not None:
                values = dict(zip(moving.keys, progress, strict=True))
                await self._target.execute(sa.insert(moving.progress).values(values))

    async def _progress(self, moving: MovingTable) -> Key | None:
        log = moving.progress
        async with self._target.begin():
            newest = sa.select(log).order_by(log.c.log_number.desc()).limit(1)
            row = (await self._target.execute(newest)).one_or_none()
        return None if row is None else moving.key(row)
