"""The dialect of PostgreSQL: what differs from other databases."""

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


def lock(connection: sa.Connection, number: int) -> None:
    """Wait for the lock `number`, which is held until the transaction ends."""
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def unlock(connection: sa.Connection, number: int) -> None:
    """Do nothing: the end of the transaction releases the lock."""


def drop_database(name: str, schemas: list[str]) -> list[str]:
    """Return the statements that drop a database, including its `schemas`."""
    return [f"DROP DATABASE {name} WITH (FORCE)"]
