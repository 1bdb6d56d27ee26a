"""Rate limits, counted for all processes together where the cache is shared."""

import math
import time

from limits import RateLimitItem, parse
from limits.aio.storage import Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from .breaker import Breaker
from .problems import Problem


class TooManyRequests(Problem):
    """The caller has used up what a rule allows; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        headers = {"Retry-After": str(retry_after)}
        super().__init__(429, "too-many-requests", "Slow down and try again later.", headers=headers)


class RateLimits:
    """Makes rules that count in one storage. While the storage is dead they let everybody pass."""

    def __init__(self, storage: Storage) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._breaker = Breaker("The rate limit's storage")

    def rule(self, name: str, limit: str) -> "RateLimit":
        """Return a rule of its own name; `limit` is written like `10/minute`."""
        return RateLimit(self._limiter, self._breaker, name, parse(limit))


class RateLimit:
    """One rule: so many hits in such a time for each subject (a user, an address)."""

    def __init__(
        self, limiter: SlidingWindowCounterRateLimiter, breaker: Breaker, name: str, limit: RateLimitItem
    ) -> None:
        self._limiter = limiter
        self._breaker = breaker
        self._name = name
        self._limit = limit

    async def hit(self, subject: str) -> None:
        """Count one hit; raise `TooManyRequests` if it is one too many."""
        if self._breaker.is_open:
            return
        allowed, reset = True, 0.0
        with self._breaker.guard():
            allowed = await self._limiter.hit(self._limit, self._name, subject)
            if not allowed:
                reset = (await self._limiter.get_window_stats(self._limit, self._name, subject)).reset_time
        if not allowed:
            raise TooManyRequests(max(1, math.ceil(reset - time.time())))
