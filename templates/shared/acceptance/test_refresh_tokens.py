"""Refresh tokens (auth=jwt): rotation, reuse detection, logout."""

from __future__ import annotations

from typing import Any

import pytest

from .client import ShopClient, User
from .conventions import assert_problem
from .identity import Accounts
from .simultaneous import send_simultaneously


def refresh(shop: ShopClient, token: str) -> Any:
    """POST a refresh token."""
    return shop.post("/v1/auth/refresh", json={"refresh_token": token})


@pytest.fixture
def session(shop: ShopClient, accounts: Accounts, alice: User) -> dict[str, Any]:
    """Token pair of a new login by alice."""
    email, _, password = alice.credential.partition(":")
    answer: dict[str, Any] = shop.post("/v1/auth/login", json={"email": email, "password": password}).json()
    return answer


def test_refresh_gives_a_new_pair(shop: ShopClient, session: dict[str, Any], alice: User) -> None:
    """A refresh returns a new token pair for the same user, like a login."""
    response = refresh(shop, session["refresh_token"])
    assert response.status_code == 200, response.text
    renewed = response.json()
    assert (renewed["token_type"], renewed["expires_in"]) == ("Bearer", 600)
    assert renewed["refresh_token"] != session["refresh_token"]
    me = shop.get("/v1/me", headers={"Authorization": f"Bearer {renewed['access_token']}"})
    assert me.json()["id"] == alice.id


def test_refresh_needs_no_valid_access_token(shop: ShopClient, session: dict[str, Any]) -> None:
    """The access token has often expired by then, and clients send it with each request."""
    body = {"refresh_token": session["refresh_token"]}
    response = shop.post("/v1/auth/refresh", json=body, headers={"Authorization": "Bearer a.b.c"})
    assert response.status_code == 200, response.text


def test_reuse_of_a_refresh_token_revokes_its_family(shop: ShopClient, session: dict[str, Any]) -> None:
    """Reusing a refresh token revokes the old and the new token, because it may be stolen."""
    renewed = refresh(shop, session["refresh_token"]).json()["refresh_token"]
    assert_problem(refresh(shop, session["refresh_token"]), 401, "invalid-refresh-token")
    assert_problem(refresh(shop, renewed), 401, "invalid-refresh-token")


def test_refresh_token_works_once_even_at_the_same_moment(shop: ShopClient, session: dict[str, Any]) -> None:
    """Of several simultaneous refreshes, at most one succeeds."""
    body = {"refresh_token": session["refresh_token"]}
    answers = send_simultaneously(shop, [shop.build("POST", "/v1/auth/refresh", json=body)] * 8)
    assert [answer.status_code for answer in answers].count(200) <= 1
    assert {answer.status_code for answer in answers} <= {200, 401}


def test_logout_revokes_the_family(shop: ShopClient, session: dict[str, Any]) -> None:
    """After logout, neither the token nor its successors work."""
    renewed = refresh(shop, session["refresh_token"]).json()["refresh_token"]
    assert shop.post("/v1/auth/logout", json={"refresh_token": renewed}).status_code == 204
    assert_problem(refresh(shop, renewed), 401, "invalid-refresh-token")


def test_families_are_independent(shop: ShopClient, session: dict[str, Any], alice: User) -> None:
    """Logging out on one device does not affect another.

    Logout: logging out on one device ended the sessions on all (vendurehq/vendure#3772).
    """
    email, _, password = alice.credential.partition(":")
    other = shop.post("/v1/auth/login", json={"email": email, "password": password}).json()
    assert shop.post("/v1/auth/logout", json={"refresh_token": session["refresh_token"]}).status_code == 204
    assert refresh(shop, other["refresh_token"]).status_code == 200


@pytest.mark.parametrize("token", ["", "garbage", "a" * 4000, "a.b.c"])
def test_unknown_refresh_token_is_refused(shop: ShopClient, accounts: Accounts, token: str) -> None:
    """A token that was never issued is refused like a revoked one, but logging it out succeeds."""
    assert_problem(refresh(shop, token), 401, "invalid-refresh-token")
    assert shop.post("/v1/auth/logout", json={"refresh_token": token}).status_code == 204


def test_access_token_cannot_be_used_as_a_refresh_token(shop: ShopClient, session: dict[str, Any]) -> None:
    """An access token is refused as a refresh token, and vice versa."""
    assert_problem(refresh(shop, session["access_token"]), 401, "invalid-refresh-token")
    headers = {"Authorization": f"Bearer {session['refresh_token']}"}
    assert_problem(shop.get("/v1/me", headers=headers), 401, "unauthenticated")
