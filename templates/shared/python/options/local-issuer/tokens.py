"""Signing keys and access tokens of the local issuer."""

from time import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from chassis.ids import new_id

from .clients import Client

ALGORITHM = "ES256"
LIFETIME = 600  # seconds


class Tokens:
    """Issues access tokens in the form of RFC 9068."""

    def __init__(self, issuer: str, audience: str) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = [_new_key()]

    def rotate(self) -> None:
        """Sign with a new key from now on; the previous key stays published, older ones do not."""
        self._keys = [_new_key(), self._keys[0]]

    def published(self) -> dict[str, Any]:
        """Return the JSON Web Key Set."""
        return {"keys": KeySet(list(self._keys)).as_dict(private=False)["keys"]}

    def issue(self, client: Client, scope: str) -> str:
        """Return an access token for `client`."""
        now = int(time())
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": client.subject,
            "client_id": client.id,
            "azp": client.id,
            "exp": now + LIFETIME,
            "iat": now,
            "jti": str(new_id()),
            "scope": scope,
            "roles": sorted(client.roles),
        }
        key = self._keys[0]
        return jwt.encode({"typ": "at+jwt", "alg": ALGORITHM, "kid": key.kid}, claims, key)


def _new_key() -> ECKey:
    return ECKey.generate_key("P-256", {"alg": ALGORITHM, "use": "sig"}, auto_kid=True)
