"""Tests of rate limits."""

import pytest
from limits.aio.storage import MemoryStorage

from ..http.ratelimit import RateLimit, RateLimits, TooManyRequests


class Unavailable(MemoryStorage):
    """A storage that is down."""

    async def get(self, key: str) -> int:
        """Fail."""
        raise ConnectionError

    async def acquire_sliding_window_entry(self, *_: object, **__: object) -> bool:
        """Fail."""
        raise ConnectionError


async def hit_twice(rule: RateLimit, subject: str) -> None:
    """Exceed a limit that is reached; where a minute begins between two hits, the window admits one more."""
    for _ in range(2):
        await rule.hit(subject)


async def test_a_subject_is_refused_when_it_exceeds_its_limit() -> None:
    rule = RateLimits(MemoryStorage()).rule("orders", "3/minute")
    for _ in range(3):
        await rule.hit("alice")
    with pytest.raises(TooManyRequests) as refusal:
        await hit_twice(rule, "alice")
    assert 1 <= int(refusal.value.headers["Retry-After"]) <= 60
    await rule.hit("bob")


async def test_rules_count_separately() -> None:
    limits = RateLimits(MemoryStorage())
    await limits.rule("orders", "1/minute").hit("alice")
    await limits.rule("logins", "1/minute").hit("alice")


async def test_everybody_is_admitted_while_the_storage_is_down() -> None:
    rule = RateLimits(Unavailable()).rule("orders", "1/minute")
    for _ in range(3):
        await rule.hit("alice")
