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


def test_the_oldest_tokens_make_room_for_a_long_one() -> None:
    tokens, long = VerifiedTokenCache[str](max_bytes=10_000), "x" * 8000
    names = [str(number) for number in range(100)]
    for token in [*names, *names, long]:
        tokens.put(token, "alice", time() + 60)
    assert [token for token in names if tokens.get(token)] == names[-2:]
    assert tokens.get(long) == "alice"
    for token in names:
        tokens.put(token, "alice", time() + 60)
    assert [token for token in names if tokens.get(token)] == names[-19:]
    assert tokens.get(long) is None


def test_a_cleared_cache_is_empty() -> None:
    tokens = VerifiedTokenCache[str]()
    tokens.put("token", "alice", time() + 60)
    tokens.clear()
    assert tokens.get("token") is None
