"""What MySQL and MariaDB do in a way of their own."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.ext.compiler import compiles

from .connections import Connections
from .engine import EngineConnections

# The usual collations take é for e, which would let one e-mail address stand for another.
SCHEMA_OPTIONS = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
# ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK.
_CONFLICTS = {1205, 1213}
_LOCK_SECONDS = 300


@compiles(sa.DateTime, "mysql", "mariadb")
def _with_microseconds(_type: sa.DateTime, _compiler: Any, **_options: Any) -> str:
    return "DATETIME(6)"


def open_connections(engine: AsyncEngine, pool_size: int) -> Connections:
    """Return the connections for the services: `engine` has `pool_size` of them."""
    return EngineConnections(engine, "REPEATABLE READ")


def is_conflict(error: BaseException) -> bool:
    """Whether the driver's `error` says that a transaction lost against others."""
    return bool(error.args) and error.args[0] in _CONFLICTS


def lock(connection: sa.Connection, number: int) -> None:
    """Wait for the lock of that number; it outlives the commits that follow each change of a table."""
    connection.execute(sa.select(sa.func.get_lock(str(number), _LOCK_SECONDS)))


def unlock(connection: sa.Connection, number: int) -> None:
    """Give the lock back."""
    connection.execute(sa.select(sa.func.release_lock(str(number))))


def drop_database(name: str, schemas: list[str]) -> list[str]:
    """Return the statements that drop a database and the `schemas`, which stand beside it."""
    return [*(f"DROP SCHEMA IF EXISTS `{schema}`" for schema in schemas), f"DROP DATABASE {name}"]
