"""Database connections as services see them: they run SQLAlchemy's statements."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

Row = sa.Row[*tuple[Any, ...]]
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]
Rows = Mapping[sa.Table, Sequence[Mapping[str, Any]]]
"""Rows to insert, by table. All rows of a table have the same columns, in the same order."""
PREPARED = "prepared"
_Statement = TypeVar("_Statement", bound=sa.Executable)


def prepared(statement: _Statement) -> _Statement:
    """Mark a statement that runs often and is built only once.

    A database with a faster way to run such statements may use it; the results are the same.
    """
    return statement.execution_options(**{PREPARED: True})


class Result(Protocol):
    """The result of a statement."""

    @property
    def rowcount(self) -> int:
        """How many rows an INSERT, UPDATE or DELETE affected."""
        ...

    def __iter__(self) -> Iterator[Row]: ...

    def all(self) -> Sequence[Row]:
        """Return all rows."""
        ...

    def one(self) -> Row:
        """Return the only row; raise unless there is exactly one."""
        ...

    def one_or_none(self) -> Row | None:
        """Return the only row, or None; raise if there is more than one."""
        ...

    def scalar_one(self) -> Any:
        """Return the first column of the only row."""
        ...


class Connection(Protocol):
    """A connection, borrowed from the pool for the duration of a block."""

    @property
    def info(self) -> dict[Any, Any]:
        """Data attached to this connection."""
        ...

    @property
    def dialect(self) -> sa.Dialect:
        """The database's dialect of SQL."""
        ...

    async def execute(self, statement: sa.Executable, parameters: Parameters | None = None, /) -> Result:
        """Run the statement once, or once for each set of parameters.

        Raises SQLAlchemy's `IntegrityError`, `OperationalError` or another `DBAPIError`.
        """
        ...

    async def scalar(self, statement: sa.Executable, parameters: Parameters | None = None, /) -> Any:
        """Run the statement and return the first column of the first row; None if there are no rows."""
        ...

    def begin_nested(self) -> AbstractAsyncContextManager[Any]:
        """Return a savepoint of the transaction: an exception in its block undoes only the block."""
        ...


@dataclass(frozen=True, slots=True)
class Usage:
    """How many connections of a pool are in use, and how many are idle."""

    in_use: int
    idle: int


class Connections(Protocol):
    """A connection pool."""

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """Return a connection in autocommit mode."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """Return a connection in a transaction, which commits on success and rolls back on any exception."""
        ...

    def usage(self) -> Usage:
        """Return how many connections are in use and idle."""
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...
