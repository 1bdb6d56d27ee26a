"""Tests of refresh tokens, each of which is valid for one use."""

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from chassis.clock import now

from ..tables import sessions
from .shop import ALICE, Shop, code


@pytest.fixture
def first(shop: Shop) -> str:
    """The refresh token of a new session."""
    shop.auth("register", **ALICE)
    token: str = shop.auth("login", **ALICE).json()["refresh_token"]
    return token


def test_a_refresh_returns_a_new_pair_of_tokens(shop: Shop, first: str) -> None:
    refreshed = shop.auth("refresh", refresh_token=first)
    assert refreshed.status_code == 200
    assert refreshed.json()["refresh_token"] != first
    assert shop.me(refreshed.json()["access_token"]).json()["email"] == ALICE["email"]
    assert shop.auth("refresh", refresh_token=refreshed.json()["refresh_token"]).status_code == 200


def test_a_token_used_twice_ends_its_session(shop: Shop, first: str) -> None:
    second = shop.auth("refresh", refresh_token=first).json()["refresh_token"]
    assert code(shop.auth("refresh", refresh_token=first)) == "401 invalid-refresh-token"
    assert code(shop.auth("refresh", refresh_token=second)) == "401 invalid-refresh-token"


def test_other_sessions_of_the_user_continue(shop: Shop, first: str) -> None:
    other = shop.auth("login", **ALICE).json()["refresh_token"]
    shop.auth("refresh", refresh_token=first)
    shop.auth("refresh", refresh_token=first)
    assert shop.auth("refresh", refresh_token=other).status_code == 200


def test_one_of_several_concurrent_refreshes_succeeds_and_the_session_ends(shop: Shop, first: str) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: shop.auth("refresh", refresh_token=first), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 7
    winner = next(answer for answer in answers if answer.status_code == 200)
    following = winner.json()["refresh_token"]
    assert code(shop.auth("refresh", refresh_token=following)) == "401 invalid-refresh-token"
    assert shop.rows(sa.select(sessions)) == []


def test_after_logout_the_session_is_over(shop: Shop, first: str) -> None:
    assert shop.auth("logout", refresh_token=first).status_code == 204
    assert code(shop.auth("refresh", refresh_token=first)) == "401 invalid-refresh-token"
    assert shop.auth("logout", refresh_token=first).status_code == 204


def test_a_refresh_token_expires_after_30_days(shop: Shop, first: str) -> None:
    (row,) = shop.rows(sa.select(sessions))
    assert timedelta(days=29, hours=23) < row.expires_at - now() <= timedelta(days=30)
    shop.change(sa.update(sessions).values(expires_at=now()))
    assert code(shop.auth("refresh", refresh_token=first)) == "401 invalid-refresh-token"


def test_expired_sessions_are_deleted_at_the_next_sign_in(shop: Shop, first: str) -> None:
    shop.change(sa.update(sessions).values(expires_at=now() - timedelta(seconds=1)))
    shop.auth("login", **ALICE)
    assert len(shop.rows(sa.select(sessions))) == 1


def test_only_a_hash_of_the_secret_is_stored(shop: Shop, first: str) -> None:
    (row,) = shop.rows(sa.select(sessions))
    raw = base64.urlsafe_b64decode(first)
    assert raw[:16] == row.id.bytes
    assert len(raw[16:]) == 32
    assert raw[16:] != row.secret_hash


@pytest.mark.parametrize("token", ["", "x", "é", "AAAA", "A" * 64, "A" * 512])
def test_an_invented_token_is_refused(shop: Shop, first: str, token: str) -> None:
    assert code(shop.auth("refresh", refresh_token=token)) == "401 invalid-refresh-token"
    assert shop.auth("logout", refresh_token=token).status_code == 204
    assert shop.auth("refresh", refresh_token=first).status_code == 200


def test_a_wrong_secret_for_a_known_session_ends_it(shop: Shop, first: str) -> None:
    raw = base64.urlsafe_b64decode(first)
    forged = base64.urlsafe_b64encode(raw[:16] + bytes(32)).decode()
    assert code(shop.auth("refresh", refresh_token=forged)) == "401 invalid-refresh-token"
    assert code(shop.auth("refresh", refresh_token=first)) == "401 invalid-refresh-token"
