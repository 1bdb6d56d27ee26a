"""The dialect of MySQL and MariaDB: what differs from other databases."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.ext.compiler import compiles

from .. import timeouts
from .asyncmy_connections import AsyncmyConnections
from .connections import Connection, Connections, Rows
from .resuming import resuming

DRIVER = "mysql+asyncmy"
# The default collations treat é as e, which would let one email address stand for another.
SCHEMA_OPTIONS = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
# ER_LOCK_DEADLOCK.
_CONFLICTS = {1213}
# ER_LOCK_WAIT_TIMEOUT, ER_STATEMENT_TIMEOUT of MariaDB, ER_QUERY_TIMEOUT of MySQL.
_TIMEOUTS = {1205, 1969, 3024}
# ER_NO_SUCH_TABLE.
_LACKS_TABLE = 1146
_LOCK_SECONDS = 300
# Each server executes only the comments meant for it. MySQL limits only SELECT, and it has no limit for an
# idle transaction: it ends one when the connection has been idle for wait_timeout.
_LIMITS = (
    f"SET SESSION innodb_lock_wait_timeout = {timeouts.LOCK}"
    f" /*M!100300 , max_statement_time = {timeouts.STATEMENT}"
    f", idle_transaction_timeout = {timeouts.IDLE_IN_TRANSACTION} */"
    f" /*!80000 , max_execution_time = {timeouts.STATEMENT * 1000} */"
)


@compiles(sa.DateTime, "mysql", "mariadb")
def _with_microseconds(_type: sa.DateTime, _compiler: Any, **_options: Any) -> str:
    return "DATETIME(6)"


def driver_url(url: sa.URL) -> sa.URL:
    """Return the URL as it is: SQLAlchemy knows the parameters of TLS, such as `ssl_ca`."""
    return url


def open_connections(url: sa.URL, pool_size: int) -> Connections:
    """Return a pool of `pool_size` connections for services, with their time limits."""
    connect_args = {
        "connect_timeout": timeouts.CONNECT,
        "read_timeout": timeouts.COMMAND,
        "init_command": _LIMITS,
    }
    engine = create_async_engine(
        url,
        connect_args=connect_args,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=timeouts.ACQUIRE,
        pool_recycle=1800,
    )
    return AsyncmyConnections(engine)


def combine(
    _transaction: Connection, _rows: Rows, _update: sa.Update | None = None
) -> tuple[sa.Select[Any], Mapping[str, Any]] | None:
    """Return None: a statement changes only one table."""
    return None


def is_conflict(error: BaseException) -> bool:
    """Whether the driver's `error` reports a conflict with a concurrent transaction."""
    return _number(error) in _CONFLICTS


def is_timeout(error: BaseException) -> bool:
    """Whether the driver's `error` reports that the statement or a lock took too long."""
    return _number(error) in _TIMEOUTS


def lacks_table(error: BaseException) -> bool:
    """Whether the driver's `error` reports that a table does not exist."""
    return _number(error) == _LACKS_TABLE


def _number(error: BaseException) -> object:
    return error.args[0] if error.args else None


@contextmanager
def exclusive(connection: sa.Connection, number: int) -> Iterator[None]:
    """Run the block while it holds the lock `number`, then restore the default schema.

    Schema changes commit implicitly, so a transaction could not hold the lock, nor undo a failed migration.
    The next run goes on where that ended.
    """
    if not connection.scalar(sa.select(sa.func.get_lock(str(number), _LOCK_SECONDS))):
        raise TimeoutError(f"Another process has been migrating the database for {_LOCK_SECONDS} s.")
    connection.commit()
    try:
        with resuming(connection):
            yield
            connection.commit()
    finally:
        connection.rollback()
        set_schema(connection, str(connection.dialect.default_schema_name))
        connection.execute(sa.select(sa.func.release_lock(str(number))))


def version_schema(dialect: sa.Dialect) -> str | None:
    """Return the schema of Alembic's table of versions, which is the same for each run."""
    return dialect.default_schema_name


def set_schema(connection: sa.Connection, schema: str) -> None:
    """Make `schema` the default."""
    connection.exec_driver_sql(f"USE {connection.dialect.identifier_preparer.quote(schema)}")
    # Alembic commits each migration, unless it finds a transaction of someone else.
    connection.commit()


def drop_database(name: str, schemas: list[str]) -> list[str]:
    """Return the statements that drop a database and the `schemas`, which are not part of it."""
    return [*(f"DROP SCHEMA IF EXISTS `{schema}`" for schema in schemas), f"DROP DATABASE {name}"]
