"""Connections to MySQL and MariaDB: in autocommit mode, with explicit transactions."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from .connections import Connection, Usage
from .engine import usage


class AsyncmyConnections:
    """The connection pool of an engine in autocommit mode.

    SQLAlchemy would set another isolation level when it takes a connection from the pool. If the server has
    closed that connection, the driver's error is not translated there, and the connection never returns.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        event.listen(engine.sync_engine, "connect", _set_isolation_level)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """Yield a connection in autocommit mode."""
        async with self._connected() as connection:
            yield cast(Connection, connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Yield a connection in a transaction."""
        async with self._connected() as connection:
            await connection.exec_driver_sql("START TRANSACTION")
            try:
                yield cast(Connection, connection)
            except BaseException:
                if not connection.invalidated:
                    with suppress(sa.exc.DBAPIError):
                        await connection.exec_driver_sql("ROLLBACK")
                raise
            await connection.exec_driver_sql("COMMIT")

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        async with AsyncExitStack() as stack:
            try:
                connection = await stack.enter_async_context(self._engine.connect())
            except RuntimeError as error:
                # asyncmy raises it if the server closes a connection while it is being opened.
                raise sa.exc.OperationalError(str(error), None, error) from error
            yield connection

    def usage(self) -> Usage:
        """Return how many connections are in use and idle."""
        return usage(self._engine)

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


def _set_isolation_level(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
    cursor.close()
