"""The embedded database's connections, and what all databases share."""

from contextlib import AbstractAsyncContextManager
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool

from .connections import Connection, Usage


class EmbeddedConnections:
    """The connection pool of an engine for SQLite."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._autocommit = engine.execution_options(isolation_level="AUTOCOMMIT")

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """Return a connection in autocommit mode."""
        return cast(AbstractAsyncContextManager[Connection], self._autocommit.connect())

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """Return a connection in a transaction."""
        return cast(AbstractAsyncContextManager[Connection], self._engine.begin())

    def usage(self) -> Usage:
        """Return how many connections are in use and idle."""
        return usage(self._engine)

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


def usage(engine: AsyncEngine) -> Usage:
    """Return how many connections of the engine's pool are in use and idle."""
    pool = cast(QueuePool, engine.pool)
    return Usage(pool.checkedout(), pool.checkedin())


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
