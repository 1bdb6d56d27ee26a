"""The dialect of PostgreSQL: what differs from other databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from .. import timeouts
from .asyncpg_connections import AsyncpgConnections
from .combined import combine as combine
from .connections import Connections

DRIVER = "postgresql+asyncpg"
SCHEMA_OPTIONS = ""
# serialization_failure, deadlock_detected.
_CONFLICTS = {"40001", "40P01"}
# lock_not_available, query_canceled, idle_in_transaction_session_timeout.
_TIMEOUTS = {"55P03", "57014", "25P03"}
# undefined_table.
_LACKS_TABLE = "42P01"


def driver_url(url: sa.URL) -> sa.URL:
    """Return the URL with its parameters of TLS, such as `sslmode`, where the driver reads them.

    It knows them in a URL only, and SQLAlchemy passes parameters one by one.
    """
    tls = {name: value for name, value in url.query.items() if name.startswith("ssl") and name != "ssl"}
    if not tls:
        return url
    own = f"postgresql://?{urlencode(tls, doseq=True)}"
    return url.difference_update_query(tls).update_query_dict({"dsn": own})


def open_connections(url: sa.URL, pool_size: int) -> Connections:
    """Return a pool of `pool_size` connections for services, with their time limits."""
    limits = {
        "lock_timeout": timeouts.LOCK,
        "statement_timeout": timeouts.STATEMENT,
        "idle_in_transaction_session_timeout": timeouts.IDLE_IN_TRANSACTION,
    }
    connect_args = {
        "timeout": timeouts.CONNECT,
        "command_timeout": timeouts.COMMAND,
        "server_settings": {name: f"{seconds}s" for name, seconds in limits.items()},
    }
    engine = create_async_engine(
        url, connect_args=connect_args, isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    return AsyncpgConnections(engine, pool_size)


def is_conflict(error: BaseException) -> bool:
    """Whether the driver's `error` reports a conflict with a concurrent transaction."""
    return getattr(error, "sqlstate", None) in _CONFLICTS


def is_timeout(error: BaseException) -> bool:
    """Whether the driver's `error` reports that the statement or a lock took too long."""
    return getattr(error, "sqlstate", None) in _TIMEOUTS


def lacks_table(error: BaseException) -> bool:
    """Whether the driver's `error` reports that a table does not exist."""
    return getattr(error, "sqlstate", None) == _LACKS_TABLE


@contextmanager
def exclusive(connection: sa.Connection, number: int) -> Iterator[None]:
    """Run the block in one transaction, while it holds the lock `number`."""
    with connection.begin():
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
        yield


def version_schema(_dialect: sa.Dialect) -> str:
    """Return the schema of Alembic's table of versions, which is the same for each run.

    The default schema is not: it becomes the one with the name of the account as soon as that exists, and the
    account of a service may be called like its context.
    """
    return "public"


def set_schema(connection: sa.Connection, schema: str) -> None:
    """Make `schema` the default until the transaction ends; extensions remain visible in `public`."""
    quoted = connection.dialect.identifier_preparer.quote(schema)
    connection.exec_driver_sql(f"SET LOCAL search_path TO {quoted}, public")


def drop_database(name: str, schemas: list[str]) -> list[str]:
    """Return the statements that drop a database, including its `schemas`."""
    return [f"DROP DATABASE {name} WITH (FORCE)"]
