"""Connections to PostgreSQL, for SQLAlchemy's statements and, directly, for asyncpg's.

SQLAlchemy needs three times as long as asyncpg to run a statement, and an order runs a dozen. Prepared
statements therefore go to asyncpg, and all others through SQLAlchemy, on the same connection: it is in
autocommit mode, and asyncpg begins and ends the transactions.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from .. import timeouts
from . import prepared
from .connections import Connection, Parameters, Result, Usage


class AsyncpgConnection:
    """One connection, as SQLAlchemy and as asyncpg see it."""

    def __init__(self, connection: AsyncConnection, driver: Any) -> None:
        self.info: dict[Any, Any] = {}
        self.dialect = connection.dialect
        self._connection = connection
        self._driver = driver
        self._errors = _Errors(driver)

    @property
    def closed(self) -> bool:
        """Whether this side or the server has closed the connection."""
        return bool(self._driver.is_closed())

    async def execute(self, statement: sa.Executable, parameters: Parameters | None = None, /) -> Result:
        """Run the statement once, or once for each set of parameters."""
        found = prepared.find(statement, parameters, self.dialect)
        with self._errors:
            if found is None:
                return await self._connection.execute(statement, parameters)
            return await found.run(self._driver, parameters)

    async def scalar(self, statement: sa.Executable, parameters: Parameters | None = None, /) -> Any:
        """Run the statement and return the first column of the first row; None if there are no rows."""
        row = next(iter(await self.execute(statement, parameters)), None)
        return None if row is None else row[0]

    @asynccontextmanager
    async def begin_nested(self) -> AsyncIterator[None]:
        """Run the block in a transaction, or in a savepoint of the open one."""
        transaction = self._driver.transaction()
        with self._errors:
            await transaction.start()
        try:
            yield
        except BaseException:
            if not self.closed:
                with self._errors:
                    await transaction.rollback()
            raise
        with self._errors:
            await transaction.commit()

    async def close(self) -> None:
        """Close the connection."""
        await self._driver.close(timeout=timeouts.CONNECT)
        await self._connection.close()


class _Errors:
    """Context that raises SQLAlchemy's errors for asyncpg's, and closes a connection that does not answer.

    Each statement enters it, and a generator would cost several times as much.
    """

    __slots__ = ("_driver",)

    def __init__(self, driver: Any) -> None:
        self._driver = driver

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if error is not None:
            self._translate(error)

    def _translate(self, error: BaseException) -> None:
        """Raise the error that stands for `error`; return if it stands for itself."""
        match error:
            case TimeoutError() | asyncio.CancelledError():
                # asyncpg would ask the server to cancel the statement, and the next one would wait for that.
                self._driver.terminate()
            case asyncpg.InternalClientError() | sa.exc.DBAPIError() if _session_ended(error):
                self._driver.terminate()
                raise sa.exc.OperationalError(str(error), None, error) from error
            case asyncpg.IntegrityConstraintViolationError():
                raise sa.exc.IntegrityError(str(error), None, error) from error
            case (
                asyncpg.PostgresConnectionError()
                | asyncpg.OperatorInterventionError()
                | asyncpg.CannotConnectNowError()
                | asyncpg.InterfaceError()
            ):
                raise sa.exc.OperationalError(str(error), None, error) from error
            case asyncpg.PostgresError():
                raise sa.exc.DBAPIError(str(error), None, error) from error


def _session_ended(error: Exception) -> bool:
    """Whether the server ended the session before or during the statement."""
    if not isinstance(error, sa.exc.DBAPIError):
        return True
    # asyncpg raises an internal error if it had not yet read the end when the statement began.
    cause = error.orig and error.orig.__cause__
    return error.connection_invalidated or isinstance(cause, asyncpg.InternalClientError)


class AsyncpgConnections:
    """A pool of up to `size` connections, which stay open; the engine only opens them."""

    def __init__(self, engine: AsyncEngine, size: int) -> None:
        self._engine = engine
        self._slots = asyncio.Semaphore(size)
        self._idle: list[AsyncpgConnection] = []
        self._in_use = 0

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """Yield a connection in autocommit mode."""
        connection = await self._acquire()
        try:
            yield connection
        finally:
            await self._release(connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Yield a connection in a transaction."""
        connection = await self._acquire()
        try:
            async with connection.begin_nested():
                yield connection
        finally:
            await self._release(connection)

    def usage(self) -> Usage:
        """Return how many connections are in use and idle."""
        return Usage(self._in_use, len(self._idle))

    async def close(self) -> None:
        """Close all connections that are not in use."""
        while self._idle:
            await self._idle.pop().close()
        await self._engine.dispose()

    async def _acquire(self) -> AsyncpgConnection:
        await timeouts.acquire(self._slots)
        self._in_use += 1
        try:
            while self._idle:
                if not (connection := self._idle.pop()).closed:
                    return connection
                await connection.close()
            return await self._open()
        except BaseException:
            self._free()
            raise

    async def _release(self, connection: AsyncpgConnection) -> None:
        try:
            if connection.closed:
                await connection.close()
            else:
                self._idle.append(connection)
        finally:
            self._free()

    def _free(self) -> None:
        self._in_use -= 1
        self._slots.release()

    async def _open(self) -> AsyncpgConnection:
        try:
            connection = await self._engine.connect()
        except sa.exc.DBAPIError as error:
            raise sa.exc.OperationalError(str(error), None, error) from error
        return AsyncpgConnection(connection, (await connection.get_raw_connection()).driver_connection)
