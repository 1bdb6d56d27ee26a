"""What moving a context requires of MySQL and MariaDB."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from .tables import MovingTable

_EVENTS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
_PREPARER = sa.make_url("mysql+asyncmy://").get_dialect()().identifier_preparer
# Without foreign key checks, rows can be added in any order of the tables.
SOURCE_SESSION = "SET SESSION lock_wait_timeout = 1, foreign_key_checks = 0"
TARGET_SESSION = "SET SESSION foreign_key_checks = 0"


def try_lock(number: int) -> sa.Select[tuple[int]]:
    """Return the SELECT that takes a lock for the session, or returns 0."""
    return sa.select(sa.func.get_lock(str(number), 0))


def log_changes(moving: MovingTable) -> list[str]:
    """Return the statements after which the keys of all changed rows are logged."""
    keys = ", ".join(map(_PREPARER.quote, moving.keys))
    statements = []
    for event, rows in _EVENTS.items():
        changed = " UNION ".join(
            "SELECT " + ", ".join(f"{row}.{_PREPARER.quote(key)}" for key in moving.keys) for row in rows
        )
        statements.append(
            f"CREATE TRIGGER IF NOT EXISTS {_trigger(moving, event)} AFTER {event} ON {_name(moving.table)} "
            f"FOR EACH ROW INSERT INTO {_name(moving.changes)} ({keys}) {changed}"
        )
    return statements


def stop_logging(moving: MovingTable) -> list[str]:
    """Return the statements that undo `log_changes`."""
    return [f"DROP TRIGGER IF EXISTS {_trigger(moving, event)}" for event in _EVENTS]


def rename(tables: Iterable[MovingTable], old: str, new: str) -> list[str]:
    """Return the statement that replaces the prefix of all tables, all or none."""
    pairs = (f"{_name(each.named(old))} TO {_name(each.named(new))}" for each in tables)
    return [f"RENAME TABLE {', '.join(pairs)}"]


def detach(_table: sa.Table) -> list[sa.Executable]:
    """Return no statements: the session does not check foreign keys."""
    return []


def attach(_table: sa.Table) -> list[sa.Executable]:
    """Return no statements: foreign keys were kept, and inserts have set the number of the next row."""
    return []


def validate(_table: sa.Table) -> list[sa.Executable]:
    """Return no statements: foreign keys were kept."""
    return []


def summary(table: sa.TableClause) -> sa.Select[tuple[int, Any]]:
    """Return the SELECT of the number of rows and of a checksum that does not depend on their order."""
    text = sa.func.concat_ws(",", *(sa.func.coalesce(sa.func.hex(each), "-") for each in table.columns))
    number = sa.func.conv(sa.func.left(sa.func.sha1(text), 16), 16, 10)
    checksum = sa.func.bit_xor(sa.cast(number, mysql.BIGINT(unsigned=True)))
    return sa.select(sa.func.count(), checksum).select_from(table)


def drop_schema(schema: str) -> str:
    """Return the statement that drops a schema with its tables."""
    return f"DROP SCHEMA IF EXISTS {_PREPARER.quote(schema)}"


def _name(table: Any) -> str:
    return _PREPARER.format_table(table)


def _trigger(moving: MovingTable, event: str) -> str:
    return _name(sa.table(f"log_{moving.table.name}_{event.lower()}", schema=moving.table.schema))
