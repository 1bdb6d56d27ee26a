"""Tests of the cache of verified tokens."""

from time import time

import pytest

from ..auth import token_cache
from ..auth.token_cache import VerifiedTokenCache


def test_a_token_is_cached_until_it_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens, expires = VerifiedTokenCache[str](), time() + 60
    tokens.put("token", "alice", expires)
    assert tokens.get("token") == "alice"
    monkeypatch.setattr(token_cache, "time", lambda: expires)
    assert tokens.get("token") is None


def test_an_unknown_token_is_not_found() -> None:
    assert VerifiedTokenCache[str]().get("token") is None


def test_the_cache_never_exceeds_its_capacity() -> None:
    tokens = VerifiedTokenCache[str](capacity=3)
    for number in range(10):
        tokens.put(str(number), "alice", time() + 60)
    assert [number for number in range(10) if tokens.get(str(number))] == [7, 8, 9]


def test_a_cleared_cache_is_empty() -> None:
    tokens = VerifiedTokenCache[str]()
    tokens.put("token", "alice", time() + 60)
    tokens.clear()
    assert tokens.get("token") is None
