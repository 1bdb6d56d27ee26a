"""Access to internal routes: only the listed callers are admitted, and nobody through the gateway."""

from collections.abc import Iterator
from itertools import product
from uuid import uuid4

import httpx2
import pytest

from acceptance.client import User, connect
from acceptance.identity import discover
from chassis.http.calls.tokens import ServiceTokens
from dev.architecture import EDGES, SERVICES
from dev.workspace import Workspace

CALLERS = [service.name for service in SERVICES if service.calls]
REQUESTS = {
    "catalog": ("POST", "/internal/products/lookup"),
    "cart": ("GET", f"/internal/carts/{uuid4()}"),
    "inventory": ("GET", f"/internal/reservations/{uuid4()}"),
    "identity": ("GET", f"/internal/users/{uuid4()}"),
    "payments": ("GET", f"/internal/payments/{uuid4()}?user_id={uuid4()}"),
}


@pytest.fixture(scope="module")
def administrator(shop: Workspace, admin: str) -> Iterator[User]:
    """The administrator, signed in at the gateway."""
    with connect(shop.url) as http:
        yield discover(http).sign_in(admin)


def token(shop: Workspace, caller: str, audience: str) -> str:
    """Return a token that the caller issues for a call of the audience."""
    return ServiceTokens(caller, shop.environments[caller]["SERVICE_KEY"]).token(audience)


def call(url: str, callee: str, bearer: str | None) -> httpx2.Response:
    """Send the callee's sample request to `url`."""
    method, path = REQUESTS[callee]
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    body = {"skus": ["CHAIR-OAK"]} if method == "POST" else None
    return httpx2.request(method, url + path, headers=headers, json=body, trust_env=False)


def test_every_provider_has_a_sample_request() -> None:
    assert set(REQUESTS) == {callee for _, callee in EDGES}


@pytest.mark.parametrize(("caller", "callee"), list(product(CALLERS, REQUESTS)))
def test_only_listed_callers_are_admitted(shop: Workspace, caller: str, callee: str) -> None:
    """Unlisted callers are refused even with a valid token for the provider."""
    response = call(shop.urls[callee], callee, token(shop, caller, callee))
    assert response.status_code == (200 if (caller, callee) in EDGES else 401), response.text


@pytest.mark.parametrize(("edge", "other"), list(product(EDGES, REQUESTS)))
def test_a_token_is_valid_for_one_provider(shop: Workspace, edge: tuple[str, str], other: str) -> None:
    """A provider cannot use a caller's token for calls to others."""
    caller, callee = edge
    response = call(shop.urls[other], other, token(shop, caller, callee))
    assert response.status_code == (200 if other == callee else 401), response.text


@pytest.mark.parametrize("callee", REQUESTS)
def test_users_are_refused(shop: Workspace, administrator: User, callee: str) -> None:
    """Requests with a user's token, or without a token, are refused."""
    assert administrator.token is not None
    for bearer in (None, administrator.token()):
        assert call(shop.urls[callee], callee, bearer).status_code == 401


@pytest.mark.parametrize(("caller", "callee"), EDGES)
def test_internal_routes_are_unreachable_through_the_gateway(
    shop: Workspace, caller: str, callee: str
) -> None:
    """The gateway responds with 404, whatever the token."""
    assert call(shop.url, callee, token(shop, caller, callee)).status_code == 404


def test_the_audit_is_the_only_internal_route_of_the_gateway(administrator: User) -> None:
    """It is restricted to administrators."""
    assert administrator.get("/internal/audit").status_code == 200
    assert administrator.get("/internal/facts").status_code == 404
    assert administrator.http.get("/internal/audit").status_code == 401
