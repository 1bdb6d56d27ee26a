"""Connections from the pool of an SQLAlchemy engine."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool

from . import timeouts
from .connections import Connection, Usage


class EngineConnections:
    """The connection pool of an SQLAlchemy engine."""

    def __init__(self, engine: AsyncEngine, snapshot_isolation: str) -> None:
        self._engine = engine
        self._autocommit = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._snapshot = engine.execution_options(isolation_level=snapshot_isolation)

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """Return a connection in autocommit mode."""
        return self._entered(self._autocommit.connect())

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """Return a connection in a transaction."""
        return self._entered(self._engine.begin())

    def snapshot(self) -> AbstractAsyncContextManager[Connection]:
        """Return a connection whose statements all see the same database snapshot."""
        return self._entered(self._snapshot.begin())

    def usage(self) -> Usage:
        """Return how many connections are in use and idle."""
        pool = cast(QueuePool, self._engine.pool)
        return Usage(pool.checkedout(), pool.checkedin())

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()

    @asynccontextmanager
    async def _entered(
        self, opening: AbstractAsyncContextManager[AsyncConnection]
    ) -> AsyncIterator[Connection]:
        async with AsyncExitStack() as stack:
            try:
                connection = await stack.enter_async_context(opening)
            except self._engine.dialect.loaded_dbapi.Error as error:
                # Setting the isolation level is a statement, and SQLAlchemy does not wrap its errors.
                raise sa.exc.OperationalError(str(error), None, error) from error
            yield cast(Connection, connection)


def server_engine(url: sa.URL, pool_size: int, connect_args: dict[str, Any] | None = None) -> AsyncEngine:
    """Return an engine for a database server; `connect_args` are the driver's."""
    return create_async_engine(
        url,
        connect_args=connect_args or {},
        isolation_level="READ COMMITTED",
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=timeouts.ACQUIRE,
        pool_recycle=1800,
    )


def embedded_engine(url: sa.URL, schemas: dict[str | None, str | None]) -> AsyncEngine:
    """Return the engine for an SQLite database; `schemas` maps schema names to SQLite's."""
    engine = create_async_engine(url, connect_args={"timeout": 30}).execution_options(
        schema_translate_map=schemas,
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
        # IMMEDIATE takes the write lock now; a transaction that starts with a read may fail to get it later.
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
