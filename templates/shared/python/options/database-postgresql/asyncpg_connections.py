"""Connections to PostgreSQL: SQLAlchemy's pool and statements, and asyncpg for prepared statements.

SQLAlchemy needs about three times as long as asyncpg for a statement, and an order runs a dozen. Both use the
same connection: SQLAlchemy leaves it in autocommit mode, and asyncpg begins and ends the transactions.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import AdaptedConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection

from . import prepared
from .connections import Connection, Parameters, Result, Usage
from .engine import usage

_UNAVAILABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.CannotConnectNowError,
    asyncpg.InterfaceError,
)


class AsyncpgConnection:
    """A connection from the pool of an engine, taken when the first statement runs."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.info: dict[Any, Any] = {}
        self._engine = engine
        # At most one of the two is in use. A raw connection costs less, but runs only prepared statements.
        self._raw: PoolProxiedConnection | None = None
        self._connection: AsyncConnection | None = None
        self._driver: Any = None

    async def execute(self, statement: sa.Executable, parameters: Parameters | None = None, /) -> Result:
        """Run the statement once, or once for each set of parameters."""
        found = prepared.find(statement, parameters, self._engine.dialect)
        if found is None:
            await self.connect()
            assert self._connection is not None
            with self._errors():
                return await self._connection.execute(statement, parameters)
        if self._driver is None:
            with self._connecting():
                self._raw = await self._engine.raw_connection()
            self._driver = self._raw.driver_connection
        with self._errors():
            return await found.run(self._driver, parameters)

    async def scalar(self, statement: sa.Executable, parameters: Parameters | None = None, /) -> Any:
        """Run the statement and return the first column of the first row; None if there are no rows."""
        row = next(iter(await self.execute(statement, parameters)), None)
        return None if row is None else row[0]

    async def connect(self) -> None:
        """Take a connection that runs any statement. Outside of transactions, it may be another one."""
        if self._connection is None:
            await self.close()
            with self._connecting():
                self._connection = await self._engine.connect()
            self._driver = (await self._connection.get_raw_connection()).driver_connection

    @asynccontextmanager
    async def begin(self, **options: Any) -> AsyncIterator[None]:
        """Run the block in a transaction; inside of another one, up to a savepoint."""
        transaction = self._driver.transaction(**options)
        with self._errors():
            await transaction.start()
        try:
            yield
        except BaseException:
            if not self._driver.is_closed():
                with self._errors():
                    await transaction.rollback()
            raise
        with self._errors():
            await transaction.commit()

    def begin_nested(self) -> Any:
        """Return a savepoint of the transaction."""
        return self.begin()

    async def close(self) -> None:
        """Return the connection to the pool, unless it is closed."""
        closed = self._driver is not None and self._driver.is_closed()
        if self._raw is not None:
            if closed:
                self._raw.invalidate()
            self._raw.close()
        if self._connection is not None:
            if closed:
                await self._connection.invalidate()
            await self._connection.close()
        self._raw = self._connection = self._driver = None

    @contextmanager
    def _connecting(self) -> Iterator[None]:
        try:
            yield
        except (self._engine.dialect.loaded_dbapi.Error, sa.exc.DBAPIError) as error:
            raise sa.exc.OperationalError(str(error), None, error) from error

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Raise SQLAlchemy's errors for those of asyncpg, and close a connection that does not answer."""
        try:
            yield
        except (TimeoutError, asyncio.CancelledError):
            # At once: asyncpg would otherwise ask the server to cancel, and the next statement would wait.
            self._driver.terminate()
            raise
        except asyncpg.IntegrityConstraintViolationError as error:
            raise sa.exc.IntegrityError(str(error), None, error) from error
        except _UNAVAILABLE as error:
            raise sa.exc.OperationalError(str(error), None, error) from error
        except asyncpg.PostgresError as error:
            raise sa.exc.DBAPIError(str(error), None, error) from error


class AsyncpgConnections:
    """The connection pool of an engine in autocommit mode."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        event.listen(engine.sync_engine, "checkout", _replace_closed)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """Yield a connection in autocommit mode."""
        connection = AsyncpgConnection(self._engine)
        try:
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Yield a connection in a transaction."""
        async with self._transaction() as connection:
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        """Yield a connection whose statements all see the same database snapshot."""
        async with self._transaction(isolation="repeatable_read", readonly=True) as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(self, **options: Any) -> AsyncIterator[Connection]:
        connection = AsyncpgConnection(self._engine)
        try:
            await connection.connect()
            async with connection.begin(**options):
                yield connection
        finally:
            await connection.close()

    def usage(self) -> Usage:
        """Return how many connections are in use and idle."""
        return usage(self._engine)

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


def _replace_closed(connection: AdaptedConnection, _record: object, _proxy: object) -> None:
    """Make the pool replace a connection that the server has closed."""
    if connection.driver_connection.is_closed():
        raise sa.exc.DisconnectionError
