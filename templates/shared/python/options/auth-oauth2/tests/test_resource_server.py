"""The shop as a resource server, over HTTP."""

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from ...access.tests.provider import ALICE, ISSUER, Provider, claims


def me(client: TestClient, token: str) -> Response:
    """GET `/v1/me` with an access token."""
    response: Response = client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
    return response


def test_a_token_of_the_issuer_tells_who_the_caller_is(client: TestClient, provider: Provider) -> None:
    token = provider.token(claims(email="alice@example.com", email_verified=True))
    assert me(client, token).json() == {
        "id": str(ALICE),
        "email": "alice@example.com",
        "roles": ["customer"],
    }


def test_a_role_of_the_issuer_makes_an_administrator(client: TestClient, provider: Provider) -> None:
    token = provider.token(claims(realm_access={"roles": ["admin", "offline_access"]}))
    assert me(client, token).json()["roles"] == ["admin", "customer"]


def test_a_refusal_tells_where_to_get_a_token(client: TestClient, provider: Provider) -> None:
    refused = me(client, provider.token(claims(aud="bank")))
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == (
        'Bearer error="invalid_token", '
        'resource_metadata="https://shop.example/.well-known/oauth-protected-resource"'
    )


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer "}])
def test_without_a_token_the_answer_tells_where_to_get_one(
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


def test_there_are_no_accounts_here(client: TestClient) -> None:
    for action in ("register", "login", "refresh", "logout"):
        assert client.post(f"/v1/auth/{action}", json={}).status_code == 404
    assert client.get("/.well-known/jwks.json").status_code == 404


@pytest.fixture
def absent(provider: Provider) -> None:
    """Let the issuer be away from the start."""
    provider.down = True


@pytest.mark.usefixtures("absent")
def test_while_no_key_is_known_the_shop_is_unavailable(client: TestClient, provider: Provider) -> None:
    answer = me(client, provider.token())
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"


def test_an_issuer_that_leaves_does_not_break_tokens(client: TestClient, provider: Provider) -> None:
    provider.down = True
    assert me(client, provider.token()).status_code == 200
