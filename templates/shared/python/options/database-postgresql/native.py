"""Direct asyncpg connections: SQLAlchemy compiles each statement once, and asyncpg runs it.

SQLAlchemy's engine costs several times what asyncpg itself needs for a statement, and an order runs a dozen
statements.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import asyncpg  # type: ignore[import-untyped]
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.asyncpg import PGCompiler_asyncpg, PGDialect_asyncpg
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData

from .connections import Connection, Parameters, Result, Usage
from .engine import ACQUIRE_SECONDS


class _Compiler(PGCompiler_asyncpg):
    """Passes the values of IN as one array, so that the SQL is the same for any number of values."""

    def visit_in_op_binary(self, binary: Any, operator: Any, **options: Any) -> str:
        return f"{self.process(binary.left, **options)} = ANY ({self._array(binary.right, **options)})"

    def visit_not_in_op_binary(self, binary: Any, operator: Any, **options: Any) -> str:
        return f"{self.process(binary.left, **options)} <> ALL ({self._array(binary.right, **options)})"

    def _array(self, values: Any, **options: Any) -> str:
        array = sa.bindparam(values.key, values.value, type_=sa.ARRAY(values.type), unique=values.unique)
        return self.process(array, **options)


class _Dialect(PGDialect_asyncpg):
    statement_compiler = _Compiler


_UNAVAILABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.CannotConnectNowError,
    asyncpg.InterfaceError,
)
_DIALECT = _Dialect()  # type: ignore[no-untyped-call]


class _Plan:
    """A compiled statement: its SQL, the order of its arguments, and the conversion of values."""

    def __init__(self, statement: Any, names: tuple[str, ...]) -> None:
        compiled = statement.compile(dialect=_DIALECT, column_keys=names or None)
        if compiled.insert_prefetch or compiled.update_prefetch:
            raise NotImplementedError("Provide every value: defaults of columns are not supported here.")
        self.text = str(compiled)
        preset = compiled.params
        convert = compiled._bind_processors
        self._slots = [(name, preset.get(name), convert.get(name)) for name in compiled.positiontup]
        columns = compiled._result_columns
        self.has_rows = bool(columns)
        processors = [column.type._cached_result_processor(_DIALECT, None) for column in columns]
        self._processors = processors if any(processors) else None
        self._keys = SimpleResultMetaData([column.keyname for column in columns])

    def arguments(self, parameters: Mapping[str, Any]) -> list[Any]:
        """Return the arguments, in order, for `parameters` and for the statement's own constants."""
        values = ((parameters.get(name, preset), convert) for name, preset, convert in self._slots)
        return [value if value is None or convert is None else convert(value) for value, convert in values]

    def rows(self, records: Sequence[Any]) -> Result:
        """Return asyncpg's records as SQLAlchemy's rows."""
        if self._processors:
            records = [tuple(map(_converted, record, self._processors)) for record in records]
        return _Rows(self._keys, records)


def _converted(value: Any, processor: Any) -> Any:
    return value if processor is None else processor(value)


class _Rows(IteratorResult[Any]):
    """The result of a SELECT."""

    def __init__(self, keys: SimpleResultMetaData, rows: Sequence[Any]) -> None:
        super().__init__(keys, iter(rows))
        self.rowcount = len(rows)


@dataclass(frozen=True, slots=True)
class _Affected:
    """The result of a statement without rows: how many rows it affected."""

    rowcount: int


def _affected(rowcount: int) -> Result:
    return cast(Result, _Affected(rowcount))


@lru_cache(maxsize=500)
def _plan(statement: sa.Executable, names: tuple[str, ...]) -> _Plan:
    return _Plan(statement, names)


class NativeConnection:
    """One asyncpg connection."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self.info: dict[Any, Any] = {}

    async def execute(self, statement: sa.Executable, parameters: Parameters | None = None, /) -> Result:
        """Run the statement once, or once for each set of parameters."""
        with _sqlalchemy_errors():
            if parameters is not None and not isinstance(parameters, Mapping):
                return await self._execute_many(statement, parameters)
            values = parameters or {}
            plan = _plan(statement, tuple(values))
            arguments = plan.arguments(values)
            if plan.has_rows:
                return plan.rows(await self._driver.fetch(plan.text, *arguments))
            status = await self._driver.execute(plan.text, *arguments)
            return _affected(int(status.rpartition(" ")[2]) if status[-1].isdigit() else 0)

    async def scalar(self, statement: sa.Executable, parameters: Parameters | None = None, /) -> Any:
        """Run the statement and return the first column of the first row; None if there are no rows."""
        row = next(iter(await self.execute(statement, parameters)), None)
        return None if row is None else row[0]

    async def _execute_many(self, statement: sa.Executable, rows: Sequence[Mapping[str, Any]]) -> Result:
        plan = _plan(statement, tuple(rows[0]))
        await self._driver.executemany(plan.text, [plan.arguments(row) for row in rows])
        return _affected(len(rows))


class NativeConnections:
    """asyncpg's connection pool."""

    def __init__(self, url: sa.URL, pool_size: int) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._size = pool_size
        self._pool: Any = None
        self._opening = asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """Yield a connection in autocommit mode."""
        async with self._acquired() as driver:
            yield NativeConnection(driver)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Yield a connection in a transaction."""
        async with self._acquired() as driver, driver.transaction():
            yield NativeConnection(driver)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        """Yield a connection whose statements all see the same database snapshot."""
        async with self._acquired() as driver, driver.transaction(isolation="repeatable_read", readonly=True):
            yield NativeConnection(driver)

    def usage(self) -> Usage:
        """Return how many connections are in use and idle."""
        if self._pool is None:
            return Usage(0, 0)
        idle = self._pool.get_idle_size()
        return Usage(self._pool.get_size() - idle, idle)

    async def close(self) -> None:
        """Close all connections."""
        if self._pool is not None:
            await self._pool.close()

    @asynccontextmanager
    async def _acquired(self) -> AsyncIterator[Any]:
        with _sqlalchemy_errors():
            pool = self._pool or await self._open()
            async with pool.acquire(timeout=ACQUIRE_SECONDS) as driver:
                yield driver

    async def _open(self) -> Any:
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self._address, min_size=0, max_size=self._size, init=_set_json_codec, reset=_skip_reset
                )
        return self._pool


async def _set_json_codec(driver: Any) -> None:
    # SQLAlchemy's types encode values to JSON themselves, but expect decoded values back.
    await driver.set_type_codec("json", schema="pg_catalog", encoder=str, decoder=json.loads)


async def _skip_reset(_: Any) -> None:
    """Skip the reset of a returned connection: nothing outlives its transaction."""


@contextmanager
def _sqlalchemy_errors() -> Iterator[None]:
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as error:
        raise sa.exc.IntegrityError(str(error), None, error) from error
    except _UNAVAILABLE as error:
        raise sa.exc.OperationalError(str(error), None, error) from error
    except asyncpg.PostgresError as error:
        raise sa.exc.DBAPIError(str(error), None, error) from error
