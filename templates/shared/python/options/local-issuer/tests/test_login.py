"""Tests of the login: people log in, and their programs get tokens for the code."""

import base64
import hashlib
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from httpx2 import Response
from joserfc import jwt
from joserfc.jwk import KeySet
from pydantic import SecretStr
from starlette.testclient import TestClient

from ..accounts import Account
from ..app import LocalIssuer
from ..authorization import AuthorizationRequest
from ..clients import PublicClient
from ..codes import LIFETIME, Codes
from ..settings import IssuerSettings

ISSUER = "http://127.0.0.1:8001"
CALLBACK = "http://localhost:3000/callback?from=issuer"
VERIFIER = "a-verifier-of-sufficient-length-0123456789._~"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
CUSTOMER = {"email": "customer@example.com", "password": "of the customer"}
ADMIN = {"email": "admin@example.com", "password": "of the administrator"}
Parameters = dict[str, str]


@pytest.fixture
def issuer() -> Iterator[TestClient]:
    """A client of the running issuer that does not follow redirects."""
    settings = IssuerSettings(
        oidc_issuer=ISSUER,
        admin_client_secret=SecretStr("secret"),
        admin_password=SecretStr(ADMIN["password"]),
        customer_password=SecretStr(CUSTOMER["password"]),
    )
    with TestClient(LocalIssuer(settings).app(), follow_redirects=False) as client:
        yield client


@pytest.fixture
def client_id(issuer: TestClient) -> str:
    """The id of a registered client."""
    response = issuer.post("/register", json={"client_name": "<b>web</b>", "redirect_uris": [CALLBACK]})
    assert response.status_code == 201
    return str(response.json()["client_id"])


@pytest.fixture
def request_parameters(client_id: str) -> Parameters:
    """The parameters of a valid authorization request."""
    return {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": CALLBACK,
        "scope": "openid email shop",
        "state": "a state & more",
        "nonce": "a nonce",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }


def log_in(issuer: TestClient, parameters: Parameters, person: Parameters = CUSTOMER) -> Parameters:
    """Log in; return the parameters of the redirect."""
    return redirected(issuer.post("/authorize", params=parameters, data=person))


def redirected(response: Response) -> Parameters:
    """Return the parameters with which the response redirects to the client."""
    assert response.status_code == 303
    location = response.headers["location"]
    assert location.startswith(f"{CALLBACK}&")
    return dict(parse_qsl(urlsplit(location).query))


def redeem(issuer: TestClient, client_id: str, code: str, **other: str) -> Response:
    """Ask for tokens for a code."""
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    response: Response = issuer.post("/token", data=form | other)
    return response


def claims(issuer: TestClient, token: str) -> dict[str, Any]:
    """Return the claims of a token of the issuer."""
    keys = KeySet.import_key_set(issuer.get("/jwks").json())
    return dict(jwt.decode(token, keys, algorithms=["ES256"]).claims)


@pytest.mark.parametrize(("person", "roles"), [(CUSTOMER, []), (ADMIN, ["admin"])])
def test_a_person_logs_in(
    issuer: TestClient, request_parameters: Parameters, person: Parameters, roles: list[str]
) -> None:
    page = issuer.get("/authorize", params=request_parameters)
    assert page.status_code == 200
    answer = log_in(issuer, request_parameters, person)
    assert (answer["state"], answer["iss"]) == ("a state & more", ISSUER)

    response = redeem(issuer, request_parameters["client_id"], answer["code"])
    assert response.headers["cache-control"] == "no-store"
    tokens = response.json()
    assert (tokens["token_type"], tokens["scope"]) == ("Bearer", "openid email shop")
    access = claims(issuer, tokens["access_token"])
    assert (access["aud"], access["sub"], access["roles"]) == ("shop", person["email"], roles)
    assert (access["email"], access["email_verified"]) == (person["email"], True)
    identity = claims(issuer, tokens["id_token"])
    assert (identity["aud"], identity["sub"]) == (request_parameters["client_id"], person["email"])
    assert identity["nonce"] == "a nonce"


def test_optional_parameters_may_be_left_out(issuer: TestClient, request_parameters: Parameters) -> None:
    for name in ("scope", "state", "nonce"):
        del request_parameters[name]
    answer = log_in(issuer, request_parameters)
    assert answer.keys() == {"from", "code", "iss"}
    tokens = redeem(issuer, request_parameters["client_id"], answer["code"]).json()
    assert tokens["scope"] == "shop"
    assert "id_token" not in tokens
    assert "email" not in claims(issuer, tokens["access_token"])


def test_the_page_runs_no_script_and_shows_no_markup_of_clients(
    issuer: TestClient, request_parameters: Parameters
) -> None:
    page = issuer.get("/authorize", params=request_parameters)
    directives = page.headers["content-security-policy"].split("; ")
    policy = dict(directive.split(" ", 1) for directive in directives)
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    # Browsers apply it to the redirect, too.
    assert policy["form-action"] == "'self' http://localhost:3000"
    assert "script" not in page.text
    assert "&lt;b&gt;web&lt;/b&gt;" in page.text
    (style,) = re.findall("<style>(.*?)</style>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy["style-src"] == f"'sha256-{digest}'"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "person",
    [
        {**CUSTOMER, "password": "wrong"},
        {**CUSTOMER, "password": ADMIN["password"]},
        {**CUSTOMER, "email": "nobody@example.com"},
        {"email": CUSTOMER["email"]},
        {},
    ],
)
def test_a_wrong_password_gets_the_page_again(
    issuer: TestClient, request_parameters: Parameters, person: Parameters
) -> None:
    response = issuer.post("/authorize", params=request_parameters, data=person)
    assert response.status_code == 403
    assert "Email or password is wrong." in response.text


def test_an_account_without_a_password_cannot_log_in() -> None:
    settings = IssuerSettings(
        oidc_issuer=ISSUER, admin_client_secret=SecretStr("secret"), customer_password=SecretStr("")
    )
    with TestClient(LocalIssuer(settings).app(), follow_redirects=False) as issuer:
        registered = issuer.post("/register", json={"redirect_uris": [CALLBACK]}).json()
        parameters = {
            "response_type": "code",
            "client_id": registered["client_id"],
            "redirect_uri": CALLBACK,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        for email in (CUSTOMER["email"], ADMIN["email"]):
            response = issuer.post("/authorize", params=parameters, data={"email": email, "password": ""})
            assert response.status_code == 403


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client_id", "unknown"),
        ("client_id", "admin"),
        ("client_id", ""),
        ("redirect_uri", "https://evil.example/"),
        ("redirect_uri", f"{CALLBACK}&more=1"),
        ("redirect_uri", "http://localhost:3000/callback"),
        ("redirect_uri", "http://localhost:3001/callback?from=issuer"),
        ("redirect_uri", CALLBACK.replace("localhost", "LOCALHOST")),
        ("redirect_uri", ""),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_request_that_nobody_registered_is_not_redirected(
    issuer: TestClient, request_parameters: Parameters, method: str, name: str, value: str
) -> None:
    parameters = request_parameters | {name: value}
    response = issuer.request(method, "/authorize", params=parameters)
    assert response.status_code == 400
    assert "location" not in response.headers
    assert "form-action 'none'" in response.headers["content-security-policy"]


def test_a_repeated_parameter_is_refused(issuer: TestClient, request_parameters: Parameters) -> None:
    parameters = request_parameters | {"redirect_uri": [CALLBACK, "https://evil.example/"]}
    assert issuer.get("/authorize", params=parameters).status_code == 400


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "", "unsupported_response_type"),
        ("response_mode", "fragment", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("scope", "shop admin", "invalid_scope"),
        ("prompt", "none", "login_required"),
    ],
)
def test_the_client_learns_why_its_request_is_refused(
    issuer: TestClient, request_parameters: Parameters, name: str, value: str, code: str
) -> None:
    answer = redirected(issuer.get("/authorize", params=request_parameters | {name: value}))
    assert (answer["error"], answer["state"], answer["iss"]) == (code, "a state & more", ISSUER)
    assert "code" not in answer


def test_a_code_is_good_for_one_token(issuer: TestClient, request_parameters: Parameters) -> None:
    code = log_in(issuer, request_parameters)["code"]
    assert redeem(issuer, request_parameters["client_id"], code).status_code == 200
    again = redeem(issuer, request_parameters["client_id"], code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("code", "unknown"),
        ("code_verifier", VERIFIER[:-1]),
        ("code_verifier", CHALLENGE),
        ("code_verifier", ""),
        ("redirect_uri", "http://localhost:3000/callback"),
        ("redirect_uri", ""),
        ("client_id", "docs"),
    ],
)
def test_a_code_of_another_request_is_refused(
    issuer: TestClient, request_parameters: Parameters, name: str, value: str
) -> None:
    code = log_in(issuer, request_parameters)["code"]
    other = {"code": code, "client_id": request_parameters["client_id"], name: value}
    response = redeem(issuer, **other)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("id", ["unknown", "admin", ""])
def test_a_code_needs_a_public_client(issuer: TestClient, request_parameters: Parameters, id: str) -> None:
    code = log_in(issuer, request_parameters)["code"]
    response = redeem(issuer, id, code)
    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")


def test_a_code_expires() -> None:
    now = 0.0
    codes = Codes(lambda: now)
    client = PublicClient("web", "web", frozenset({CALLBACK}))
    request = AuthorizationRequest(client, CALLBACK, None, "shop", CHALLENGE, None)
    early, late = (codes.issue(request, Account(CUSTOMER["email"], None)) for _ in range(2))
    now = LIFETIME - 1
    assert codes.redeem(early) is not None
    now = LIFETIME
    assert codes.redeem(late) is None


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/",
        "http://evil.example/",
        "http://localhost@evil.example/",
        "http://evil.example@localhost/",
        "http://localhost.evil.example/",
        "http://localhost:3000",
        "http://localhost:3000/#fragment",
        "http://localhost:port/",
        "//localhost/",
        "javascript:alert(1)",
        "http://localhost/\r\n",
        "",
    ],
)
def test_a_client_cannot_register_a_redirect_to_elsewhere(issuer: TestClient, uri: str) -> None:
    response = issuer.post("/register", json={"redirect_uris": [CALLBACK, uri]})
    assert (response.status_code, response.json()["error"]) == (400, "invalid_redirect_uri")


@pytest.mark.parametrize(
    "metadata",
    [
        {"redirect_uris": CALLBACK},
        {"redirect_uris": [1]},
        {"redirect_uris": [CALLBACK], "grant_types": ["client_credentials"]},
        {"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "client_secret_basic"},
        {"redirect_uris": [CALLBACK], "response_types": ["token"]},
        {"grant_types": ["authorization_code"]},
    ],
)
def test_an_unsupported_public_client_is_not_registered(issuer: TestClient, metadata: dict[str, Any]) -> None:
    response = issuer.post("/register", json=metadata)
    assert response.status_code == 400
    assert response.json()["error"] in ("invalid_client_metadata", "invalid_redirect_uri")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_pages_of_the_api_may_log_people_in(issuer: TestClient, host: str) -> None:
    parameters = {
        "response_type": "code",
        "client_id": "docs",
        "redirect_uri": f"http://{host}:8000/docs/oauth2-redirect",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    assert issuer.get("/authorize", params=parameters).status_code == 200


def test_discovery_describes_the_login(issuer: TestClient) -> None:
    document = issuer.get("/.well-known/openid-configuration").json()
    assert document["authorization_endpoint"] == f"{ISSUER}/authorize"
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["response_types_supported"] == ["code"]
