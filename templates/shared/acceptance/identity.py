"""Users for black-box clients: accounts of the shop, or OAuth 2.0 clients of its issuer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import quote_plus
from uuid import uuid4

import httpx2

from .client import ShopClient, User

METADATA = "/.well-known/oauth-protected-resource"
_EARLY_SECONDS = 30.0


class Identity(Protocol):
    """Registers customers and signs users in. A credential is `id:secret`."""

    def register(self) -> str:
        """Create a customer account; return its credential."""

    def sign_in(self, credential: str) -> User:
        """Return the user with this credential; its token is renewed automatically."""


class Token:
    """Access token that is fetched again shortly before it expires. Safe to share between threads."""

    def __init__(self, fetch: Callable[[], tuple[str, float]]) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._value = ""
        self._renew_at = 0.0

    def __call__(self) -> str:
        with self._lock:
            if time.monotonic() >= self._renew_at:
                self._value, lifetime = self._fetch()
                self._renew_at = time.monotonic() + max(lifetime - _EARLY_SECONDS, lifetime / 2)
            return self._value


class Accounts:
    """Accounts of the shop: `/v1/auth/register` and `/v1/auth/login`."""

    def __init__(self, http: httpx2.Client) -> None:
        self._client = ShopClient(http)

    def register(self) -> str:
        email, password = f"acceptance-{uuid4().hex}@example.com", uuid4().hex
        response = self._client.post("/v1/auth/register", json={"email": email, "password": password})
        assert response.status_code == 201, response.text
        return f"{email}:{password}"

    def sign_in(self, credential: str) -> User:
        return User(self._client.http, Token(lambda: self._log_in(credential)), credential)

    def _log_in(self, credential: str) -> tuple[str, float]:
        email, _, password = credential.partition(":")
        login = self._client.build("POST", "/v1/auth/login", json={"email": email, "password": password})
        response = self._client.send(login, repeatable=True)
        assert response.status_code == 200, response.text
        return _token(response.json())


class OAuthClients:
    """Clients of the shop's issuer: dynamic registration (RFC 7591) and the client-credentials grant."""

    def __init__(self, http: httpx2.Client, resource: dict[str, Any]) -> None:
        self._http = http
        self._resource = resource["resource"]
        issuer = resource["authorization_servers"][0].rstrip("/")
        self._issuer = (
            httpx2.get(f"{issuer}/.well-known/openid-configuration", trust_env=False)
            .raise_for_status()
            .json()
        )

    def register(self) -> str:
        metadata = {
            "client_name": f"acceptance-{uuid4().hex}",
            "grant_types": ["client_credentials"],
            "response_types": [],
            "token_endpoint_auth_method": "client_secret_basic",
        }
        response = httpx2.post(self._issuer["registration_endpoint"], json=metadata, trust_env=False)
        assert response.status_code == 201, response.text
        return f"{response.json()['client_id']}:{response.json()['client_secret']}"

    def sign_in(self, credential: str) -> User:
        return User(self._http, Token(lambda: self._grant(credential)), credential)

    def _grant(self, credential: str) -> tuple[str, float]:
        client, _, secret = (quote_plus(part) for part in credential.partition(":"))  # RFC 6749, 2.3.1
        form = {"grant_type": "client_credentials", "resource": self._resource}
        response = httpx2.post(
            self._issuer["token_endpoint"], data=form, auth=(client, secret), trust_env=False
        )
        assert response.status_code == 200, response.text
        return _token(response.json())


def discover(http: httpx2.Client) -> Identity:
    """Return the source of users that the shop announces in its resource metadata (RFC 9728)."""
    response = http.get(METADATA)
    return OAuthClients(http, response.json()) if response.status_code == 200 else Accounts(http)


def _token(answer: dict[str, Any]) -> tuple[str, float]:
    return answer["access_token"], float(answer["expires_in"])
