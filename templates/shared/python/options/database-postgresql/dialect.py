"""The dialect of PostgreSQL: what differs from other databases."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from .connections import Connections
from .native import NativeConnections

SCHEMA_OPTIONS = ""
# serialization_failure, deadlock_detected.
_CONFLICTS = {"40001", "40P01"}


def open_connections(engine: AsyncEngine, pool_size: int) -> Connections:
    """Return a pool of `pool_size` connections for the services, to the server of `engine`."""
    return NativeConnections(engine.url, pool_size)


def is_conflict(error: BaseException) -> bool:
    """Whether the driver's `error` reports a conflict with a concurrent transaction."""
    return getattr(error, "sqlstate", None) in _CONFLICTS


@contextmanager
def exclusive(connection: sa.Connection, number: int) -> Iterator[None]:
    """Run the block in one transaction, while it holds the lock `number`."""
    with connection.begin():
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
        yield


def set_schema(connection: sa.Connection, schema: str) -> None:
    """Make `schema` the default until the transaction ends; extensions remain visible in `public`."""
    quoted = connection.dialect.identifier_preparer.quote(schema)
    connection.exec_driver_sql(f"SET LOCAL search_path TO {quoted}, public")


def drop_database(name: str, schemas: list[str]) -> list[str]:
    """Return the statements that drop a database, including its `schemas`."""
    return [f"DROP DATABASE {name} WITH (FORCE)"]
