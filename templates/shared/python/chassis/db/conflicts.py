"""Conflicts with concurrent transactions: retries, and which errors are worth another try later."""

import sqlite3
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import stamina
from sqlalchemy.exc import DBAPIError, IntegrityError

from . import dialect

P = ParamSpec("P")
T = TypeVar("T")
_DUPLICATES = 10


def is_conflict(error: Exception) -> bool:
    """Whether the database aborted a transaction only because of concurrent ones."""
    if not isinstance(error, DBAPIError) or error.orig is None:
        return False
    if isinstance(error.orig, sqlite3.OperationalError):
        return error.orig.sqlite_errorname.startswith("SQLITE_BUSY")
    return dialect.is_conflict(error.orig)


def is_timeout(error: Exception) -> bool:
    """Whether a statement or a lock took too long. The cause lasts, so only the client tries again."""
    return isinstance(error, DBAPIError) and error.orig is not None and dialect.is_timeout(error.orig)


def lacks_table(error: Exception) -> bool:
    """Whether a table is not there: it is not migrated yet, or has moved to another database."""
    return isinstance(error, DBAPIError) and error.orig is not None and dialect.lacks_table(error.orig)


_retry = stamina.retry(
    on=is_conflict, attempts=5, timeout=10.0, wait_initial=0.01, wait_max=0.3, wait_jitter=0.05
)


def retry_conflicts(function: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Return `function` with retries after conflicts. Each calls it again, so it opens the transaction."""
    retry = _retry(function)

    @wraps(function)
    async def call(*args: P.args, **kwargs: P.kwargs) -> T:
        # Most calls have no conflict, and a call through stamina costs about as much as a statement.
        try:
            return await function(*args, **kwargs)
        except DBAPIError as error:
            if not is_conflict(error):
                raise
        return await retry(*args, **kwargs)

    return call


def retry_duplicates(
    function: Callable[P, Coroutine[Any, Any, T]],
) -> Callable[P, Coroutine[Any, Any, T]]:
    """Return `function` with retries when a concurrent transaction has just stored the same key.

    Each calls it again, so it opens the transaction. One retry would not do: the other row may be deleted
    before it, and stored once more.
    """

    @wraps(function)
    async def call(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(_DUPLICATES):
            with suppress(IntegrityError):
                return await function(*args, **kwargs)
        return await function(*args, **kwargs)

    return call
