"""The memory of verified tokens."""

from time import time
from uuid import uuid4

import pytest

from ...chassis.security import Principal
from .. import verified
from ..verified import VerifiedTokens

ALICE = Principal(uuid4(), "alice@example.com", frozenset({"customer"}))


def test_a_token_is_known_until_it_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens, expires = VerifiedTokens(), time() + 60
    tokens.put("token", ALICE, expires)
    assert tokens.get("token") is ALICE
    monkeypatch.setattr(verified, "time", lambda: expires)
    assert tokens.get("token") is None


def test_what_was_not_put_is_not_known() -> None:
    assert VerifiedTokens().get("token") is None


def test_it_never_holds_more_than_its_capacity() -> None:
    tokens = VerifiedTokens(capacity=3)
    for number in range(10):
        tokens.put(str(number), ALICE, time() + 60)
    assert [number for number in range(10) if tokens.get(str(number))] == [7, 8, 9]


def test_it_forgets_everything_when_told_so() -> None:
    tokens = VerifiedTokens()
    tokens.put("token", ALICE, time() + 60)
    tokens.clear()
    assert tokens.get("token") is None
