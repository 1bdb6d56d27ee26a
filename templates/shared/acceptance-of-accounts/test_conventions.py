"""Conventions: request IDs, unknown routes and methods."""

from __future__ import annotations

import pytest

from .client import ShopClient, User
from .conventions import assert_problem


@pytest.mark.parametrize("request_id", ["a", "Client.42_x-y", "z" * 64])
def test_valid_request_id_is_kept(alice: User, request_id: str) -> None:
    """A valid X-Request-ID is returned, so that clients can find the request in logs."""
    response = alice.get("/v1/me", headers={"X-Request-ID": request_id})
    assert response.headers["x-request-id"] == request_id


@pytest.mark.parametrize("request_id", ["", "z" * 65, "two words", "<script>", "a;b", "na/me", '"'])
def test_invalid_request_id_is_replaced(alice: User, request_id: str) -> None:
    """An X-Request-ID that could forge log lines is replaced."""
    response = alice.get("/v1/me", headers={"X-Request-ID": request_id})
    assert response.headers["x-request-id"] != request_id


@pytest.mark.parametrize("path", ["/v1/nothing", "/nothing", "/v1/me/a", "/v1"])
def test_unknown_route_is_a_not_found_problem(shop: ShopClient, path: str) -> None:
    """An unknown route is answered with a problem document, like every other error."""
    assert_problem(shop.get(path), 404, "not-found")


def test_wrong_method_gets_the_allowed_ones(alice: User) -> None:
    """A 405 response lists the allowed methods (RFC 9110, 15.5.6)."""
    response = alice.request("DELETE", "/v1/me")
    assert_problem(response, 405, "method-not-allowed")
    assert response.headers["allow"]


def test_the_current_user_has_to_be_known(shop: ShopClient, alice: User) -> None:
    """A token says who calls; without one, the response says what is missing."""
    assert alice.get("/v1/me").json()["id"] == alice.id
    assert_problem(shop.get("/v1/me"), 401, "unauthenticated")
