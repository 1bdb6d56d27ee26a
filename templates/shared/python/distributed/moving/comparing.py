"""Comparison of both sides: most rows while they are in use, and later changes when they are closed."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from ..schema import ARRIVING, MOVED
from . import server
from .copying import Copying
from .tables import Key, MovingTable

ROWS = 10_000
_ATTEMPTS = 3
Part = Callable[[sa.FromClause], sa.ColumnElement[bool]]
"""The condition for some rows of a table."""


class Comparing:
    """Compares the tables of the source with the arriving ones of the target.

    Until `compare_in_use` has run, all rows are left for `differences`: an interrupted move knows nothing.
    """

    def __init__(
        self,
        source: AsyncConnection,
        target: AsyncConnection,
        tables: Sequence[MovingTable],
        copying: Copying,
        report: Callable[[str], None],
    ) -> None:
        self._source = source
        self._target = target
        self._copying = copying
        self._report = report
        self._left: dict[MovingTable, list[Part]] = {each: [_everything] for each in tables}

    async def compare_in_use(self, rows: int = ROWS) -> None:
        """Compare ranges of so many rows; leave those that change too often to be seen equal."""
        for moving in self._left:
            # From here on, because a row that changes after it was compared has to be compared again.
            self._copying.applied[moving] = set()
            ranges = await self._ranges(moving, rows)
            self._left[moving] = [each for each in ranges if not await self._become_equal(moving, each)]
            self._report(
                f"{moving.table.fullname}: {len(ranges) - len(self._left[moving])} of {len(ranges)} ranges "
                "of rows are equal"
            )

    async def differences(self) -> list[str]:
        """Compare what is left, and the rows that changed since; return the names of different tables."""
        return [each.table.fullname for each in self._left if not await self._is_equal(each)]

    async def _ranges(self, moving: MovingTable, rows: int) -> list[Part]:
        table = moving.named("")
        ends: list[Key | None] = [None]
        rest = moving.in_order(table)
        while row := (await self._source.execute(rest.offset(rows - 1).limit(1))).one_or_none():
            end = moving.key(row)
            ends.append(end)
            rest = moving.in_order(table).where(moving.follows(end, table))
        return [partial(moving.between, *each) for each in pairwise([*ends, None])]

    async def _become_equal(self, moving: MovingTable, part: Part) -> bool:
        for _ in range(_ATTEMPTS):
            if await self._have_equal(moving, "", part):
                return True
            await self._copying.catch_up()
        return False

    async def _is_equal(self, moving: MovingTable) -> bool:
        for part in (*self._left[moving], *self._changed(moving)):
            if not await self._have_equal(moving, MOVED, part):
                return False
        return True

    def _changed(self, moving: MovingTable) -> Iterator[Part]:
        keys = [*self._copying.applied.get(moving, ())]
        for start in range(0, len(keys), self._copying.batch):
            yield partial(moving.is_one_of, keys[start : start + self._copying.batch])

    async def _have_equal(self, moving: MovingTable, prefix: str, part: Part) -> bool:
        """Return whether both sides have the same rows of a part; `prefix` is that of the source."""
        left, arrived = moving.named(prefix), moving.named(ARRIVING)
        async with self._target.begin():
            sides = await asyncio.gather(
                self._source.execute(server.summary(left).where(part(left))),
                self._target.execute(server.summary(arrived).where(part(arrived))),
            )
        return tuple(sides[0].one()) == tuple(sides[1].one())


def _everything(_table: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.true()
