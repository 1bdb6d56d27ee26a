"""Tests of the local issuer: clients register and get tokens."""

from collections.abc import Iterator

import pytest
from httpx2 import Response
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError
from joserfc.jwk import KeySet
from pydantic import SecretStr, ValidationError
from starlette.testclient import TestClient

from ..app import LocalIssuer
from ..settings import IssuerSettings

ISSUER = "http://127.0.0.1:8001"
CLIENT = {"grant_types": ["client_credentials"], "client_name": "test"}


def settings(address: str = ISSUER) -> IssuerSettings:
    """Return settings of an issuer with the administrator `admin:secret`."""
    return IssuerSettings(oidc_issuer=address, admin_client_secret=SecretStr("secret"))


@pytest.fixture
def issuer() -> Iterator[TestClient]:
    """A client of the running issuer."""
    with TestClient(LocalIssuer(settings()).app()) as client:
        yield client


def grant(issuer: TestClient, id: str, secret: str, **form: str) -> Response:
    """Request a token."""
    response: Response = issuer.post(
        "/token", data={"grant_type": "client_credentials", **form}, auth=(id, secret)
    )
    return response


def keys(issuer: TestClient) -> KeySet:
    """Return the published keys."""
    return KeySet.import_key_set(issuer.get("/jwks").json())


def test_discovery_names_the_issuer_and_its_endpoints(issuer: TestClient) -> None:
    document = issuer.get("/.well-known/openid-configuration").json()
    assert document["issuer"] == ISSUER
    assert document["jwks_uri"] == f"{ISSUER}/jwks"
    assert document["token_endpoint"] == f"{ISSUER}/token"
    assert document["registration_endpoint"] == f"{ISSUER}/register"


def test_a_registered_client_gets_a_token_for_the_shop(issuer: TestClient) -> None:
    registered = issuer.post("/register", json=CLIENT)
    assert registered.status_code == 201
    answer = grant(issuer, registered.json()["client_id"], registered.json()["client_secret"])
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["expires_in"] == 600
    token = jwt.decode(answer.json()["access_token"], keys(issuer), algorithms=["ES256"])
    assert token.claims["iss"] == ISSUER
    assert token.claims["aud"] == "shop"
    assert token.claims["azp"] == registered.json()["client_id"]
    assert token.claims["roles"] == []


def test_the_administrator_has_the_admin_role(issuer: TestClient) -> None:
    answer = grant(issuer, "admin", "secret")
    token = jwt.decode(answer.json()["access_token"], keys(issuer), algorithms=["ES256"])
    assert token.claims["roles"] == ["admin"]


def test_the_secret_may_be_sent_in_the_form(issuer: TestClient) -> None:
    form = {"grant_type": "client_credentials", "client_id": "admin", "client_secret": "secret"}
    assert issuer.post("/token", data=form).status_code == 200


@pytest.mark.parametrize(
    ("id", "secret"), [("admin", "wrong"), ("admin", ""), ("nobody", "secret"), ("", "")]
)
def test_a_wrong_secret_is_refused(issuer: TestClient, id: str, secret: str) -> None:
    answer = grant(issuer, id, secret)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"] == "Basic"


@pytest.mark.parametrize("header", ["Basic", "Basic !", "Basic w6Q=", "Bearer x"])
def test_a_malformed_authorization_is_refused(issuer: TestClient, header: str) -> None:
    answer = issuer.post("/token", data={"grant_type": "x"}, headers={"Authorization": header})
    assert answer.status_code == 401


def test_another_grant_is_refused(issuer: TestClient) -> None:
    answer = grant(issuer, "admin", "secret", grant_type="password")
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


def test_an_unsupported_scope_is_refused(issuer: TestClient) -> None:
    answer = grant(issuer, "admin", "secret", scope="shop admin")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    "body", ["", "[]", '{"grant_types": ["password"]}', '{"token_endpoint_auth_method": "none"}']
)
def test_an_unsupported_client_is_not_registered(issuer: TestClient, body: str) -> None:
    answer = issuer.post("/register", content=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")


def test_rotation_keeps_only_the_previous_key_published(issuer: TestClient) -> None:
    token = grant(issuer, "admin", "secret").json()["access_token"]
    issuer.post("/rotate")
    assert jwt.decode(token, keys(issuer), algorithms=["ES256"])
    assert len(keys(issuer).keys) == 2
    issuer.post("/rotate")
    with pytest.raises(InvalidKeyIdError):
        jwt.decode(token, keys(issuer), algorithms=["ES256"])


def test_published_keys_are_public(issuer: TestClient) -> None:
    assert all("d" not in key for key in issuer.get("/jwks").json()["keys"])


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1:8001",
        "http://0.0.0.0:8001",
        "http://issuer.example:8001",
        "http://127.0.0.1",
        "http://127.0.0.1:8001/realms/shop",
    ],
)
def test_the_issuer_serves_only_this_machine(address: str) -> None:
    with pytest.raises(ValidationError):
        settings(address)
