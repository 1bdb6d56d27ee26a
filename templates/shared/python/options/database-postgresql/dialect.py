"""What PostgreSQL does in a way of its own."""

import sqlalchemy as sa

SCHEMA_OPTIONS = ""
# serialization_failure, deadlock_detected.
_CONFLICTS = {"40001", "40P01"}


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
