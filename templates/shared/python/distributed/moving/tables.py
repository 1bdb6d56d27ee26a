"""Tables on the move, under the names that they have on the way."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

Key = tuple[Any, ...]


class MovingTable:
    """A table, its log of changes in the source, and its log of progress in the target."""

    def __init__(self, table: sa.Table) -> None:
        self.table = table
        self.keys = [column.name for column in table.primary_key]
        self.changes = self._log("changed_")
        self.progress = self._log("copied_")

    def named(self, prefix: str) -> sa.TableClause:
        """Return the table under its name with this prefix."""
        columns: list[sa.ColumnClause[Any]] = [sa.column(each.name, each.type) for each in self.table.columns]
        return sa.table(prefix + self.table.name, *columns, schema=self.table.schema)

    def is_one_of(self, keys: Sequence[Key], table: sa.FromClause) -> sa.ColumnElement[bool]:
        """Return the condition that a row of `table` has one of the primary keys."""
        columns = self._key_columns(table)
        if len(columns) == 1:
            return columns[0].in_([key[0] for key in keys])
        return sa.tuple_(*columns).in_(keys)

    def follows(self, last: Key, table: sa.FromClause) -> sa.ColumnElement[bool]:
        """Return the condition that a row of `table` follows the one with the primary key `last`."""
        columns = self._key_columns(table)
        follows: sa.ColumnElement[bool] = columns[-1] > last[-1]
        for column, value in reversed([*zip(columns[:-1], last, strict=False)]):
            follows = sa.or_(column > value, sa.and_(column == value, follows))
        # Not every database finds the beginning in the index without the first condition.
        return sa.and_(columns[0] >= last[0], follows)

    def between(self, last: Key | None, end: Key | None, table: sa.FromClause) -> sa.ColumnElement[bool]:
        """Return the condition that a row of `table` follows the primary key `last`, but not `end`."""
        limits: list[sa.ColumnElement[bool]] = [sa.true()]
        if last is not None:
            limits.append(self.follows(last, table))
        if end is not None:
            # As above, the first condition is for the index.
            limits += [self._key_columns(table)[0] <= end[0], sa.not_(self.follows(end, table))]
        return sa.and_(*limits)

    def in_order(self, table: sa.FromClause) -> sa.Select[Any]:
        """Return the SELECT of all rows of `table`, in the order of their primary keys."""
        return sa.select(table).order_by(*self._key_columns(table))

    def key(self, row: Any) -> Key:
        """Return the primary key of a row of the table or of one of its logs."""
        return tuple(getattr(row, name) for name in self.keys)

    def _key_columns(self, table: sa.FromClause) -> list[sa.ColumnElement[Any]]:
        return [table.c[name] for name in self.keys]

    def _log(self, prefix: str) -> sa.Table:
        keys = [
            sa.Column(each.name, each.type, nullable=False, autoincrement=False)
            for each in self.table.primary_key
        ]
        number = sa.Column("log_number", sa.BigInteger, primary_key=True)
        return sa.Table(prefix + self.table.name, sa.MetaData(self.table.schema), number, *keys)
