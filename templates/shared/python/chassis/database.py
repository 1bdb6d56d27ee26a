"""The database: one pool of connections and two ways to use it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from .settings import Settings

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_AFTER_COMMIT = "after_commit"
_embedded_schemas: dict[str | None, str | None] = {}


def schema_of(context: str) -> sa.MetaData:
    """Return the home of one context's tables: a schema of that name (on SQLite, which has none, `main`)."""
    _embedded_schemas[context] = "main"
    return sa.MetaData(schema=context, naming_convention=NAMES)


def after_commit(transaction: AsyncConnection, calls: Iterable[Callable[[], None]]) -> None:
    """Make `calls` when the open transaction has been committed, and not if it is rolled back."""
    transaction.info.setdefault(_AFTER_COMMIT, set()).update(calls)


class DatabaseSettings(Settings):
    """Where the database is and how many connections one process may hold."""

    database_url: str = "sqlite+aiosqlite:///./var/shop.db"
    database_pool_size: int = Field(default=10, ge=1, le=500)


class Database:
    """Gives out connections for reading (no transaction) and for writing (one transaction)."""

    def __init__(self, settings: DatabaseSettings) -> None:
        url = sa.make_url(settings.database_url)
        self._embedded = url.get_backend_name() == "sqlite"
        size = settings.database_pool_size
        self.engine = _embedded_engine(url) if self._embedded else _server_engine(url, size)
        self._autocommit = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._repeatable = self.engine.execution_options(isolation_level="REPEATABLE READ")
        self._writer = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Commit on success, roll back on any exception. READ COMMITTED, or serial on SQLite."""
        async with self._turn(), self.engine.connect() as connection:
            connection.info.pop(_AFTER_COMMIT, None)
            async with connection.begin():
                yield connection
            for call in connection.info.pop(_AFTER_COMMIT, ()):
                call()

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Each statement stands alone, which saves the round trips of BEGIN and ROLLBACK."""
        return self._autocommit.connect()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """Read the database as it is at one moment, however many statements that takes."""
        # SQLite knows one isolation level, and in it a transaction sees one moment.
        one_moment = self.engine if self._embedded else self._repeatable
        async with self._turn(), one_moment.begin() as connection:
            yield connection

    def _turn(self) -> AbstractAsyncContextManager[Any]:
        # SQLite has one writer; waiting here is fair and quick, waiting in SQLite is neither.
        return self._writer if self._embedded else nullcontext()

    async def ping(self) -> None:
        """Raise unless the database answers a statement."""
        async with self.reading() as connection:
            await connection.execute(sa.text("SELECT 1"))

    async def close(self) -> None:
        """Close every connection of the pool."""
        await self.engine.dispose()


def _server_engine(url: sa.URL, pool_size: int) -> AsyncEngine:
    return create_async_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_recycle=1800,
    )


def _embedded_engine(url: sa.URL) -> AsyncEngine:
    engine = create_async_engine(url, connect_args={"timeout": 30}).execution_options(
        schema_translate_map=_embedded_schemas,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # IMMEDIATE takes the write lock now; a read that becomes a write later could only fail.
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
