"""What moving a context requires of PostgreSQL."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from .tables import MovingTable

_TRIGGER = "log_changes"
_DIALECT = sa.make_url("postgresql+asyncpg://").get_dialect()()
_PREPARER = _DIALECT.identifier_preparer
# Below deadlock_timeout (1 s): the move stops waiting before the server ends a transaction of the shop.
SOURCE_SESSION = "SET lock_timeout = '500ms'"
# Only an autovacuum has locks there, and the server ends it for the move, but not before deadlock_timeout.
TARGET_SESSION = "SET lock_timeout = 0"


def try_lock(number: int) -> sa.Select[tuple[bool]]:
    """Return the SELECT that takes a lock for the session, or returns false."""
    return sa.select(sa.func.pg_try_advisory_lock(number))


def log_changes(moving: MovingTable) -> list[str]:
    """Return the statements after which the keys of all changed rows are logged."""
    keys = ", ".join(map(_PREPARER.quote, moving.keys))
    old, new = (", ".join(f"{row}.{_PREPARER.quote(key)}" for key in moving.keys) for row in ("OLD", "NEW"))
    insert = f"INSERT INTO {_name(moving.changes)} ({keys})"
    function = f"""
        CREATE OR REPLACE FUNCTION {_function(moving)}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN {insert} SELECT {new};
            ELSIF TG_OP = 'DELETE' THEN {insert} SELECT {old};
            ELSE {insert} SELECT {old} UNION SELECT {new};
            END IF;
            RETURN NULL;
        END $$"""
    trigger = f"""
        CREATE OR REPLACE TRIGGER {_TRIGGER} AFTER INSERT OR UPDATE OR DELETE ON {_name(moving.table)}
        FOR EACH ROW EXECUTE FUNCTION {_function(moving)}()"""
    return [function, trigger]


def stop_logging(moving: MovingTable) -> list[str]:
    """Return the statements that undo `log_changes`."""
    return [f"DROP FUNCTION IF EXISTS {_function(moving)}() CASCADE"]


def rename(tables: Iterable[MovingTable], old: str, new: str) -> list[str]:
    """Return the statements that replace the prefix of all tables, in one transaction."""
    pairs = [(_name(each.named(old)), _PREPARER.quote(new + each.table.name)) for each in tables]
    locked = ", ".join(name for name, _ in pairs)
    renamed = [f"ALTER TABLE {name} RENAME TO {renamed}" for name, renamed in pairs]
    return [f"LOCK TABLE {locked} IN ACCESS EXCLUSIVE MODE", *renamed]


def detach(table: sa.Table) -> list[sa.Executable]:
    """Return the statements after which rows can be added in any order of the tables."""
    return [sa.schema.DropConstraint(key) for key in table.foreign_key_constraints]


def attach(table: sa.Table) -> list[sa.Executable]:
    """Return the statements after which the table checks and numbers new rows; `validate` is for the rest."""
    added = (sa.schema.AddConstraint(key).compile(dialect=_DIALECT) for key in table.foreign_key_constraints)
    keys: list[sa.Executable] = [sa.text(f"{each} NOT VALID") for each in added]
    if (numbered := table.autoincrement_column) is None:
        return keys
    sequence = sa.func.pg_get_serial_sequence(_name(table), numbered.name)
    newest = sa.select(sa.func.max(numbered)).scalar_subquery()
    return [*keys, sa.select(sa.func.setval(sequence, newest))]


def validate(table: sa.Table) -> list[sa.Executable]:
    """Return the statements after which the table is as its migrations left it, while programs use it."""
    names = (_PREPARER.format_constraint(key) for key in table.foreign_key_constraints)
    return [sa.text(f"ALTER TABLE {_name(table)} VALIDATE CONSTRAINT {each}") for each in names]


def summary(table: sa.TableClause) -> sa.Select[tuple[int, Any]]:
    """Return the SELECT of the number of rows and of a checksum that does not depend on their order."""
    text = sa.cast(sa.func.row(*table.columns), sa.Text)
    checksum = sa.func.sum(sa.func.hashtextextended(text, sa.literal_column("0")))
    return sa.select(sa.func.count(), sa.func.coalesce(checksum, 0)).select_from(table)


def drop_schema(schema: str) -> str:
    """Return the statement that drops a schema with its tables."""
    return f"DROP SCHEMA IF EXISTS {_PREPARER.quote(schema)} CASCADE"


def _name(table: Any) -> str:
    return _PREPARER.format_table(table)


def _function(moving: MovingTable) -> str:
    return _name(sa.table(f"log_{moving.table.name}", schema=moving.table.schema))
