"""Deadlines: how long the caller waits. Work on its behalf, in any service, ends before that.

Calls carry the remaining time instead of a time of day, because clocks of different machines differ.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

HEADER = "X-Deadline-Ms"

_deadline: ContextVar[float] = ContextVar("deadline", default=float("inf"))


def remaining() -> float:
    """Return the seconds until the deadline: 0 or less if it has passed, infinite without a deadline."""
    return _deadline.get() - time.monotonic()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Limit the block to `seconds`; an earlier deadline stays in force."""
    token = _deadline.set(min(_deadline.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _deadline.reset(token)
