"""The dialect of MySQL and MariaDB: what differs from other databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.ext.compiler import compiles

from .connections import Connections
from .engine import EngineConnections

# The default collations treat é as e, which would let one email address stand for another.
SCHEMA_OPTIONS = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
# ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK.
_CONFLICTS = {1205, 1213}
_LOCK_SECONDS = 300


@compiles(sa.DateTime, "mysql", "mariadb")
def _with_microseconds(_type: sa.DateTime, _compiler: Any, **_options: Any) -> str:
    return "DATETIME(6)"


def open_connections(engine: AsyncEngine, pool_size: int) -> Connections:
    """Return the connections for the services, from the `pool_size` connections of `engine`."""
    return EngineConnections(engine, "REPEATABLE READ")


def is_conflict(error: BaseException) -> bool:
    """Whether the driver's `error` reports a conflict with a concurrent transaction."""
    return bool(error.args) and error.args[0] in _CONFLICTS


@contextmanager
def exclusive(connection: sa.Connection, number: int) -> Iterator[None]:
    """Run the block while it holds the lock `number`, then restore the default schema.

    Schema changes commit implicitly, so a transaction could not hold the lock, nor undo a failed migration.
    """
    if not connection.scalar(sa.select(sa.func.get_lock(str(number), _LOCK_SECONDS))):
        raise TimeoutError(f"Another process has been migrating the database for {_LOCK_SECONDS} s.")
    connection.commit()
    try:
        yield
        connection.commit()
    finally:
        connection.rollback()
        set_schema(connection, str(connection.dialect.default_schema_name))
        connection.execute(sa.select(sa.func.release_lock(str(number))))


def set_schema(connection: sa.Connection, schema: str) -> None:
    """Make `schema` the default."""
    connection.exec_driver_sql(f"USE {connection.dialect.identifier_preparer.quote(schema)}")
    # Alembic commits each migration, unless it finds a transaction of someone else.
    connection.commit()


def drop_database(name: str, schemas: list[str]) -> list[str]:
    """Return the statements that drop a database and the `schemas`, which are not part of it."""
    return [*(f"DROP SCHEMA IF EXISTS `{schema}`" for schema in schemas), f"DROP DATABASE {name}"]
