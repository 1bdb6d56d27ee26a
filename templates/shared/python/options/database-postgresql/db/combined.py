"""Statements that change several tables in one round trip, as common table expressions."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from .connections import Connection, Rows, prepared

_Shape = tuple[tuple[sa.Table, int, tuple[str, ...]], ...]
_ONE: sa.Select[Any] = sa.select(sa.literal_column("1").label("one"))
# The server prepares a statement for each number of rows, and large numbers are rare.
_MOST_ROWS = 8


def combine(
    transaction: Connection, rows: Rows, update: sa.Update | None = None
) -> tuple[sa.Select[Any], Mapping[str, Any]] | None:
    """Return one statement that inserts the rows, and its parameters; None if there has to be one per table.

    With an `update`, it inserts them if the update changes a row, and returns how many rows that changes.
    """
    shape = tuple((table, len(of_table), tuple(of_table[0])) for table, of_table in rows.items() if of_table)
    number = sum(number for _, number, _ in shape)
    if transaction.dialect.name != "postgresql" or not 0 < number <= _MOST_ROWS:
        return None
    statement = _statement(shape, update)
    if statement is None:
        return None
    values = (value for of_table in rows.values() for row in of_table for value in row.values())
    return statement, dict(zip(_parameters(shape), values, strict=True))


@cache
def _statement(shape: _Shape, update: sa.Update | None) -> sa.Select[Any] | None:
    for table, _, names in shape:
        if any(column.default is not None and column.name not in names for column in table.columns):
            # SQLAlchemy would compute the default only once, for all executions of the statement.
            return None
    changed = (_ONE if update is None else update.returning(*update.table.primary_key)).cte("changed")
    condition = sa.exists().select_from(changed)
    inserts = []
    for table, number, names in shape:
        rows = (_row(table, row, names).where(condition) for row in range(number))
        insert = sa.insert(table).from_select(names, sa.union_all(*rows))
        inserts.append(insert.cte(f"insert_{table.name}"))
    return prepared(sa.select(sa.func.count().label("changes")).select_from(changed).add_cte(*inserts))


def _row(table: sa.Table, row: int, names: Sequence[str]) -> sa.Select[Any]:
    return sa.select(*(sa.bindparam(_name(table, row, name), type_=table.c[name].type) for name in names))


@cache
def _parameters(shape: _Shape) -> list[str]:
    return [
        _name(table, row, name) for table, number, names in shape for row in range(number) for name in names
    ]


def _name(table: sa.Table, row: int, column: str) -> str:
    return f"{table.name}_{row}_{column}"
