"""A trace span for each database statement."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind

from ..db.connections import Connection, Connections, Parameters, Result

tracer = trace.get_tracer("shop")


class TracedConnections:
    """A connection pool whose connections trace their statements."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self.usage = connections.usage
        self.close = connections.close

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """Return a connection in autocommit mode."""
        return _traced(self._connections.reading())

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """Return a connection in a transaction."""
        return _traced(self._connections.transaction())

    def snapshot(self) -> AbstractAsyncContextManager[Connection]:
        """Return a connection whose statements all see the same database snapshot."""
        return _traced(self._connections.snapshot())


class TracedConnection:
    """A connection that traces its statements."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.info = connection.info
        self.begin_nested = connection.begin_nested

    async def execute(self, statement: sa.Executable, parameters: Parameters | None = None, /) -> Result:
        """Run the statement."""
        with _span(statement):
            return await self._connection.execute(statement, parameters)

    async def scalar(self, statement: sa.Executable, parameters: Parameters | None = None, /) -> Any:
        """Run the statement and return the first column of the first row."""
        with _span(statement):
            return await self._connection.scalar(statement, parameters)


@asynccontextmanager
async def _traced(given: AbstractAsyncContextManager[Connection]) -> AsyncIterator[Connection]:
    async with given as connection:
        yield TracedConnection(connection)


def _span(statement: sa.Executable) -> AbstractContextManager[Span]:
    text = _text(statement)
    return tracer.start_as_current_span(
        text.split(maxsplit=1)[0], kind=SpanKind.CLIENT, attributes={"db.query.text": text}
    )


@lru_cache(maxsize=500)
def _text(statement: sa.Executable) -> str:
    return str(statement)
