"""Conflicts with concurrent transactions: retries, and which errors are worth another try later."""

import sqlite3

import stamina
from sqlalchemy.exc import DBAPIError

from . import dialect


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


# A retry calls the whole function again, so the function itself must open the transaction.
retry_conflicts = stamina.retry(
    on=is_conflict, attempts=6, timeout=10.0, wait_initial=0.01, wait_max=0.3, wait_jitter=0.05
)
