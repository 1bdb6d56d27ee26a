"""Transactions that lost against others, and deserve another try."""

import sqlite3

import stamina
from sqlalchemy.exc import DBAPIError

from . import dialect


def is_conflict(error: Exception) -> bool:
    """Whether the database gave up a transaction only because of others that ran at the same time."""
    if not isinstance(error, DBAPIError) or error.orig is None:
        return False
    if isinstance(error.orig, sqlite3.OperationalError):
        return error.orig.sqlite_errorname.startswith("SQLITE_BUSY")
    return dialect.is_conflict(error.orig)


# The function is called anew, so it must open the transaction itself.
retry_conflicts = stamina.retry(
    on=is_conflict, attempts=6, timeout=10.0, wait_initial=0.01, wait_max=0.3, wait_jitter=0.05
)
