"""Tests of the shop as a resource server, over HTTP."""

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from chassis.auth.tests.provider import ALICE, ISSUER, Provider, claims


def me(client: TestClient, token: str) -> Response:
    """GET `/v1/me` with an access token."""
    response: Response = client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
    return response


def test_a_token_of_the_issuer_identifies_the_caller(client: TestClient, provider: Provider) -> None:
    token = provider.token(claims(email="alice@example.com", email_verified=True))
    assert me(client, token).json() == {
        "id": str(ALICE),
        "email": "alice@example.com",
        "roles": ["customer"],
    }


def test_a_role_of_the_issuer_makes_an_administrator(client: TestClient, provider: Provider) -> None:
    token = provider.token(claims(realm_access={"roles": ["admin", "offline_access"]}))
    assert me(client, token).json()["roles"] == ["admin", "customer"]


def test_a_refused_token_gets_the_address_of_the_metadata(client: TestClient, provider: Provider) -> None:
    refused = me(client, provider.token(claims(aud="bank")))
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == (
        'Bearer error="invalid_token", '
        'resource_metadata="https://shop.example/.well-known/oauth-protected-resource"'
    )


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer "}])
def test_a_request_without_a_token_gets_the_address_of_the_metadata(
    client: TestClient, headers: dict[str, str]
) -> None:
    refused = client.get("/v1/me", headers=headers)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == (
        'Bearer resource_metadata="https://shop.example/.well-known/oauth-protected-resource"'
    )


def test_the_metadata_names_the_issuer(client: TestClient) -> None:
    assert client.get("/.well-known/oauth-protected-resource").json() == {
        "resource": "https://shop.example",
        "authorization_servers": [ISSUER],
        "scopes_supported": ["openid", "email", "shop"],
    }


def test_there_are_no_routes_for_accounts(client: TestClient) -> None:
    for action in ("register", "login", "refresh", "logout"):
        assert client.post(f"/v1/auth/{action}", json={}).status_code == 404
    assert client.get("/.well-known/jwks.json").status_code == 404


@pytest.fixture
def issuer_down(provider: Provider) -> None:
    """Take the issuer down before the application starts."""
    provider.down = True


@pytest.mark.usefixtures("issuer_down")
def test_the_shop_is_unavailable_until_a_key_is_known(client: TestClient, provider: Provider) -> None:
    answer = me(client, provider.token())
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"


def test_tokens_are_verified_while_the_issuer_is_down(client: TestClient, provider: Provider) -> None:
    provider.down = True
    assert me(client, provider.token()).status_code == 200
