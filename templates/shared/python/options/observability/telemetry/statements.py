"""A trace span for each database statement of a trace."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, nullcontext
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
        self.reading = _traced(connections.reading)
        self.transaction = _traced(connections.transaction)
        self.usage = connections.usage
        self.close = connections.close


class TracedConnection:
    """A connection that traces its statements."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.info = connection.info
        self.dialect = connection.dialect
        self.begin_nested = connection.begin_nested

    async def execute(self, statement: sa.Executable, parameters: Parameters | None = None, /) -> Result:
        """Run the statement."""
        with _span(statement):
            return await self._connection.execute(statement, parameters)

    async def scalar(self, statement: sa.Executable, parameters: Parameters | None = None, /) -> Any:
        """Run the statement and return the first column of the first row."""
        with _span(statement):
            return await self._connection.scalar(statement, parameters)


def _traced(
    borrow: Callable[[], AbstractAsyncContextManager[Connection]],
) -> Callable[[], AbstractAsyncContextManager[Connection]]:
    @asynccontextmanager
    async def borrow_traced() -> AsyncIterator[Connection]:
        async with borrow() as connection:
            yield TracedConnection(connection)

    return borrow_traced


def _span(statement: sa.Executable) -> AbstractContextManager[Span | None]:
    if not trace.get_current_span().get_span_context().is_valid:
        # Background work polls: each of its statements would be a separate trace.
        return nullcontext()
    text = _text(statement)
    return tracer.start_as_current_span(
        text.split(maxsplit=1)[0], kind=SpanKind.CLIENT, attributes={"db.query.text": text}
    )


@lru_cache(maxsize=500)
def _text(statement: sa.Executable) -> str:
    return str(statement)
