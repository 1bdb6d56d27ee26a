"""Rate limits, counted across all processes if the cache is shared."""

import math
import time
from contextlib import suppress
from typing import Annotated

from limits import RateLimitItem, parse
from limits.aio.storage import Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from pydantic import AfterValidator

from ..circuit import Circuit
from .problems import Problem


def _checked(limit: str) -> str:
    try:
        parse(limit)
    except ValueError:
        raise ValueError("a limit is written like 10/minute") from None
    return limit


Limit = Annotated[str, AfterValidator(_checked)]
"""A setting with a rate limit, written like `10/minute`."""


class TooManyRequests(Problem):
    """The caller has exceeded a rate limit; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        headers = {"Retry-After": str(retry_after)}
        super().__init__(429, "too-many-requests", "Too many requests. Try again later.", headers=headers)


class RateLimits:
    """Creates rate limits that count in one storage. While the storage is down, they admit everybody."""

    def __init__(self, storage: Storage) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._circuit = Circuit("the storage of the rate limits", window=1)

    def rule(self, name: str, limit: str) -> "RateLimit":
        """Return the rate limit `name`; `limit` is written like `10/minute`."""
        return RateLimit(self._limiter, self._circuit, name, parse(limit))


class RateLimit:
    """One rate limit: so many hits per period, for each subject (a user, an address)."""

    def __init__(
        self, limiter: SlidingWindowCounterRateLimiter, circuit: Circuit, name: str, limit: RateLimitItem
    ) -> None:
        self._limiter = limiter
        self._circuit = circuit
        self._name = name
        self._limit = limit

    async def hit(self, subject: str) -> None:
        """Count one hit; raise `TooManyRequests` if it exceeds the limit."""
        allowed, reset = True, 0.0
        with suppress(Exception), self._circuit.guard():
            allowed = await self._limiter.hit(self._limit, self._name, subject)
            if not allowed:
                reset = (await self._limiter.get_window_stats(self._limit, self._name, subject)).reset_time
        if not allowed:
            raise TooManyRequests(max(1, math.ceil(reset - time.time())))
