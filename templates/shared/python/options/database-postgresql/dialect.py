"""What PostgreSQL does in a way of its own."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from .connections import Connections
from .native import NativeConnections

SCHEMA_OPTIONS = ""
# serialization_failure, deadlock_detected.
_CONFLICTS = {"40001", "40P01"}


def open_connections(engine: AsyncEngine, pool_size: int) -> Connections:
    """Return `pool_size` connections for the services, to the server that `engine` is for."""
    return NativeConnections(engine.url, pool_size)


def is_conflict(error: BaseException) -> bool:
    """Whether the driver's `error` says that a transaction lost against others."""
    return getattr(error, "sqlstate", None) in _CONFLICTS


def lock(connection: sa.Connection, number: int) -> None:
    """Wait for the lock of that number; it is held until the transaction ends."""
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def unlock(connection: sa.Connection, number: int) -> None:
    """Do nothing: the end of the transaction gives the lock back."""


def drop_database(name: str, schemas: list[str]) -> list[str]:
    """Return the statements that drop a database with all `schemas` in it."""
    return [f"DROP DATABASE {name} WITH (FORCE)"]
