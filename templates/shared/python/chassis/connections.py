"""What services see of the database: connections that run SQLAlchemy's statements."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

Row = sa.Row[*tuple[Any, ...]]
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Result(Protocol):
    """What a statement brought."""

    @property
    def rowcount(self) -> int:
        """How many rows an INSERT, UPDATE or DELETE touched."""
        ...

    def __iter__(self) -> Iterator[Row]: ...

    def all(self) -> Sequence[Row]:
        """Return every row."""
        ...

    def one(self) -> Row:
        """Return the only row; raise if there is another number of them."""
        ...

    def one_or_none(self) -> Row | None:
        """Return the only row, or None; raise if there are more."""
        ...

    def scalar_one(self) -> Any:
        """Return the first column of the only row."""
        ...


class Connection(Protocol):
    """One connection, for the time of a block."""

    @property
    def info(self) -> dict[Any, Any]:
        """What belongs to this connection."""
        ...

    async def execute(self, statement: sa.Executable, parameters: Parameters | None = None, /) -> Result:
        """Run the statement, once or for each of several sets of parameters.

        Raise SQLAlchemy's `IntegrityError`, `OperationalError` or another `DBAPIError`.
        """
        ...

    async def scalar(self, statement: sa.Executable, parameters: Parameters | None = None, /) -> Any:
        """Run the statement and return the first column of the first row; None if there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Usage:
    """How many connections are given out, and how many wait open for the next use."""

    in_use: int
    idle: int


class Connections(Protocol):
    """A pool of connections."""

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """Give a connection on which each statement stands alone."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """Give a connection in a transaction; it commits on success and rolls back on any exception."""
        ...

    def snapshot(self) -> AbstractAsyncContextManager[Connection]:
        """Give a connection that sees the database as it is at one moment."""
        ...

    def usage(self) -> Usage:
        """Return how the pool is used."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...
