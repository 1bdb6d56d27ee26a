"""How long the caller will wait. Whatever is done on its behalf, also by others, ends before that.

What travels is the time that is left and not a time of day, as clocks of two machines differ.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

HEADER = "X-Deadline-Ms"

_deadline: ContextVar[float] = ContextVar("deadline", default=float("inf"))


def remaining() -> float:
    """Return the seconds until the deadline: 0 or less when it has passed, infinite when there is none."""
    return _deadline.get() - time.monotonic()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let the block have `seconds` at most. A deadline that is nearer stays."""
    token = _deadline.set(min(_deadline.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _deadline.reset(token)
