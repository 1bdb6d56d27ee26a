"""A simulated issuer, with control over its keys, responses and outages."""

from collections import Counter
from time import time
from typing import Any
from uuid import UUID

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

ISSUER = "https://issuer.example/realms/shop"
ALICE = UUID("0199b2f4-51a5-7cc2-b0e5-6a1d59b1ea77")
Claims = dict[str, Any]
Key = ECKey | OKPKey | RSAKey


def ec_key() -> ECKey:
    """Return a new key for ES256."""
    return ECKey.generate_key("P-256", {"use": "sig"}, auto_kid=True)


def claims(**changes: object) -> Claims:
    """Return claims that the shop accepts, with `changes`; None omits a claim."""
    valid: Claims = {"iss": ISSUER, "aud": ["shop", "account"], "sub": str(ALICE), "azp": "web"}
    valid |= {"exp": int(time()) + 60, "iat": int(time()), "typ": "Bearer"}
    return {name: value for name, value in (valid | changes).items() if value is not None}


class Provider:
    """Answers discovery and key requests, and signs tokens."""

    def __init__(self) -> None:
        self.keys: list[Key] = [ec_key()]
        self.requests: Counter[str] = Counter()
        self.down = False
        self.discovery: dict[str, object] = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/certs"}
        self.extra_keys: list[dict[str, object]] = []

    def client(self) -> httpx2.AsyncClient:
        """Return an HTTP client that reaches only this provider."""
        return httpx2.AsyncClient(transport=httpx2.MockTransport(self._answer))

    def token(self, content: Claims | None = None, key: Key | None = None, **header: object) -> str:
        """Return a token with the claims `content`, signed with `key` (default: the first published one)."""
        key = key or self.keys[0]
        head = {"alg": "ES256", "kid": key.kid, **header}
        return jwt.encode(head, content or claims(), key, algorithms=[str(head["alg"])])

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        if self.down:
            raise httpx2.ConnectError("down", request=request)
        path = request.url.path.rpartition("/")[2]
        self.requests[path] += 1
        if path == "openid-configuration":
            return httpx2.Response(200, json=self.discovery)
        keys = [*KeySet([*self.keys]).as_dict(private=False)["keys"], *self.extra_keys]
        return httpx2.Response(200, json={"keys": keys})
