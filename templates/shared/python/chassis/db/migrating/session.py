"""What a migration needs from the connection: no concurrent migration, and a default schema."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import sqlalchemy as sa

from .. import dialect

_LOCK = 4_115_112_097


def exclusive(connection: sa.Connection, schemas: list[str]) -> AbstractContextManager[None]:
    """Run the block while no other process migrates the database, in which `schemas` then exist."""
    return _embedded(connection) if _is_embedded(connection) else _on_server(connection, schemas)


def set_schema(connection: sa.Connection, schema: str) -> None:
    """Make `schema` the one of tables that are named without a schema. SQLite has only one."""
    if not _is_embedded(connection):
        dialect.set_schema(connection, schema)


def _is_embedded(connection: sa.Connection) -> bool:
    return connection.dialect.name == "sqlite"


@contextmanager
def _on_server(connection: sa.Connection, schemas: list[str]) -> Iterator[None]:
    with dialect.exclusive(connection, _LOCK):
        for schema in schemas:
            quoted = connection.dialect.identifier_preparer.quote(schema)
            connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {quoted}{dialect.SCHEMA_OPTIONS}"))
        yield


@contextmanager
def _embedded(connection: sa.Connection) -> Iterator[None]:
    # SQLite changes a table by replacing it with a copy. With foreign keys on, dropping the old table would
    # delete the rows that refer to it. They can be turned off only outside a transaction.
    _enforce_foreign_keys(connection, "OFF")
    try:
        with connection.begin():
            yield
            _check_foreign_keys(connection)
    finally:
        _enforce_foreign_keys(connection, "ON")


def _enforce_foreign_keys(connection: sa.Connection, state: str) -> None:
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys = {state}")
    cursor.close()


def _check_foreign_keys(connection: sa.Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        pairs = ", ".join(sorted({f"{child} to {parent}" for child, _, parent, _ in broken}))
        raise ValueError(
            f"{len(broken)} rows refer to rows that do not exist: {pairs}. Let the migration delete them."
        )
