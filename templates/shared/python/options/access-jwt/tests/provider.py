"""A simulated identity service, with control over its keys, tokens and outages."""

from time import time
from typing import Any
from uuid import UUID

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey

ALICE = UUID("0199b2f4-51a5-7cc2-b0e5-6a1d59b1ea77")
Claims = dict[str, Any]
Key = ECKey | OctKey | OKPKey


def new_key() -> OKPKey:
    """Return a new signing key of an identity service in Python."""
    return OKPKey.generate_key("Ed25519", {"use": "sig"}, auto_kid=True)


def java_key() -> ECKey:
    """Return a new signing key of an identity service in Java."""
    return ECKey.generate_key("P-256", {"use": "sig"}, auto_kid=True)


def claims(**changes: object) -> Claims:
    """Return claims as the identity service makes them, with `changes`; None omits a claim."""
    now = int(time())
    valid: Claims = {"iss": "shop", "aud": "shop", "exp": now + 600, "nbf": now, "iat": now, "jti": "1"}
    valid |= {"sub": str(ALICE), "email": "alice@example.com", "roles": ["customer"]}
    return {name: value for name, value in (valid | changes).items() if value is not None}


class Provider:
    """Publishes its keys and signs tokens."""

    def __init__(self) -> None:
        self.keys: list[Key] = [new_key()]
        self.down = False
        self.requests: list[str] = []

    def client(self) -> httpx2.AsyncClient:
        """Return an HTTP client that reaches only this provider."""
        return httpx2.AsyncClient(transport=httpx2.MockTransport(self._answer))

    def token(self, content: Claims | None = None, key: Key | None = None, **header: object) -> str:
        """Return a token with the claims `content`, signed with `key` (default: the first published one)."""
        key = key or self.keys[0]
        algorithm = "ES256" if isinstance(key, ECKey) else "Ed25519"
        head = {"typ": "at+jwt", "alg": algorithm, "kid": key.kid, **header}
        return jwt.encode(head, content or claims(), key, algorithms=[str(head["alg"])])

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(str(request.url))
        if self.down:
            raise httpx2.ConnectError("down", request=request)
        return httpx2.Response(200, json=KeySet([*self.keys]).as_dict(private=False))
