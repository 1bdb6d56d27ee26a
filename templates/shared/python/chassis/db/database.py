"""The database: one connection pool, for reads and for transactions."""

import asyncio
from collections.abc import AsyncIterator, Callable, Container, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Annotated

import sqlalchemy as sa
from pydantic import AfterValidator, Field
from sqlalchemy.ext.asyncio import create_async_engine

from .. import timeouts
from ..settings import Settings
from . import dialect
from .connections import Connection, Connections
from .engine import EmbeddedConnections, embedded_engine

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
MAX_PORT = 65_535
_EMBEDDED = "sqlite+aiosqlite"
_AFTER_COMMIT = "after_commit"
_PING = sa.text("SELECT 1")
# Connections that transactions leave free, so that reads go on while all transactions wait for a lock.
_FOR_READING = 2
_embedded_schemas: dict[str | None, str | None] = {}
_metadata: list[sa.MetaData] = []


def schema_of(context: str) -> sa.MetaData:
    """Return the metadata for the tables of one context: a schema of that name (on SQLite, `main`)."""
    _embedded_schemas[context] = "main"
    _metadata.append(sa.MetaData(schema=context, naming_convention=NAMES))
    return _metadata[-1]


def known_tables(contexts: Container[str]) -> set[tuple[str, str]]:
    """Return the schema and the name of each table of these contexts that the process has imported."""
    return {
        (str(table.schema), table.name)
        for metadata in _metadata
        if metadata.schema in contexts
        for table in metadata.tables.values()
    }


def after_commit(transaction: Connection, calls: Iterable[Callable[[], None]]) -> None:
    """Make `calls` after the open transaction has committed; a rollback discards them."""
    transaction.info[_AFTER_COMMIT].update(calls)


def _checked(text: str) -> str:
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in (dialect.DRIVER, _EMBEDDED) or (url.port or 0) > MAX_PORT:
        raise ValueError(f"a URL is written like {dialect.DRIVER}://user:password@host/name")
    return text


DatabaseUrl = Annotated[str, AfterValidator(_checked)]
"""A setting with the URL of a database."""


class DatabaseSettings(Settings):
    """The database's URL, and the size of one process's connection pool.

    A process has one more connection, for readiness.
    """

    database_url: DatabaseUrl = "sqlite+aiosqlite:///./var/shop.db"
    database_pool_size: int = Field(default=10, ge=1, le=500)


class Database:
    """Provides connections for reading (autocommit) and for writing (one transaction).

    `engine` is for schema changes and inspection, without time limits; `connections` runs the statements of
    the services.
    """

    def __init__(self, settings: DatabaseSettings) -> None:
        url = sa.make_url(settings.database_url)
        self.connections: Connections
        self._probe: Connections
        self._embedded = url.get_backend_name() == "sqlite"
        if self._embedded:
            self.engine = embedded_engine(url, _embedded_schemas)
            self.connections = self._probe = EmbeddedConnections(self.engine)
            # SQLite has one writer; waiting for this lock is fair and fast, waiting inside SQLite is neither.
            self._writers = asyncio.Semaphore(1)
        else:
            url = dialect.driver_url(url)
            self.engine = create_async_engine(url, isolation_level="READ COMMITTED")
            size = settings.database_pool_size
            self.connections = dialect.open_connections(url, size)
            # A separate connection: a busy pool is no reason to stop sending requests here.
            self._probe = dialect.open_connections(url, 1)
            self._writers = asyncio.Semaphore(max(size - _FOR_READING, 1))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Commit on success, roll back on any exception. READ COMMITTED, or serializable on SQLite."""
        calls: set[Callable[[], None]] = set()
        async with self._writer(), self.connections.transaction() as connection:
            connection.info[_AFTER_COMMIT] = calls
            yield connection
        for call in calls:
            call()

    def wrap_connections(self, wrap: Callable[[Connections], Connections]) -> None:
        """Replace the connection pool of the services with what `wrap` returns for it."""
        self.connections = wrap(self.connections)

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """Return a connection in autocommit mode, which saves the round trips of BEGIN and ROLLBACK."""
        return self.connections.reading()

    @asynccontextmanager
    async def _writer(self) -> AsyncIterator[None]:
        if self._embedded:
            await self._writers.acquire()
        else:
            await timeouts.acquire(self._writers)
        try:
            yield
        finally:
            self._writers.release()

    def probing(self) -> AbstractAsyncContextManager[Connection]:
        """Return the connection for readiness, which is free even if the pool is busy."""
        return self._probe.reading()

    async def ping(self) -> None:
        """Raise unless the database answers."""
        async with self.probing() as connection:
            await connection.execute(_PING)

    async def close(self) -> None:
        """Close all connections."""
        await self.connections.close()
        await self._probe.close()
        await self.engine.dispose()
