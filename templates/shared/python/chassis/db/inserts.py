"""Inserts of rows into several tables, in one round trip where the database allows it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from . import dialect
from .connections import Connection, Rows, prepared


async def insert_rows(transaction: Connection, rows: Rows) -> None:
    """Insert the rows, in the order of their tables.

    Raises SQLAlchemy's `IntegrityError` if a row violates a constraint.
    """
    if (combined := dialect.combine(transaction, rows)) is not None:
        await transaction.execute(*combined)
        return
    for table, of_table in rows.items():
        if of_table:
            await transaction.execute(_insert(table), of_table)


async def update_and_insert(
    transaction: Connection, update: sa.Update, parameters: Mapping[str, Any], rows: Rows
) -> bool:
    """Run `update` and, if it changes a row, insert the rows; return whether it does.

    Raises SQLAlchemy's `IntegrityError` if a row violates a constraint.
    """
    if (combined := dialect.combine(transaction, rows, update)) is not None:
        statement, values = combined
        return bool((await transaction.execute(statement, {**parameters, **values})).scalar_one())
    if not (await transaction.execute(update, parameters)).rowcount:
        return False
    await insert_rows(transaction, rows)
    return True


@cache
def _insert(table: sa.Table) -> sa.Insert:
    # Nobody needs generated keys, so spare databases from returning them.
    return prepared(sa.insert(table).inline())
