"""Signing keys and tokens of the local issuer."""

from collections.abc import Collection
from time import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from chassis.ids import new_id

from .accounts import Account
from .clients import Client

ALGORITHM = "ES256"
LIFETIME = 600  # seconds


class Tokens:
    """Issues access tokens in the form of RFC 9068, and ID tokens."""

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
        """Return an access token with which `client` acts for itself."""
        return self._access_token(client.subject, client.id, scope, client.roles)

    def issue_to(self, client_id: str, account: Account, scope: str) -> str:
        """Return an access token with which the client acts for a person."""
        return self._access_token(account.email, client_id, scope, account.roles, **_email(account, scope))

    def identify(self, client_id: str, account: Account, scope: str, nonce: str | None) -> str:
        """Return an ID token: it tells the client who has logged in (OpenID Connect Core 1.0, section 2)."""
        claims = self._claims(account.email, client_id) | _email(account, scope)
        return self._signed("JWT", claims if nonce is None else claims | {"nonce": nonce})

    def _access_token(
        self, subject: str, client_id: str, scope: str, roles: Collection[str], **more: Any
    ) -> str:
        claims = self._claims(subject, self._audience) | more
        claims |= {"client_id": client_id, "azp": client_id, "scope": scope, "roles": sorted(roles)}
        return self._signed("at+jwt", claims | {"jti": str(new_id())})

    def _claims(self, subject: str, audience: str) -> dict[str, Any]:
        now = int(time())
        return {"iss": self._issuer, "aud": audience, "sub": subject, "exp": now + LIFETIME, "iat": now}

    def _signed(self, type: str, claims: dict[str, Any]) -> str:
        key = self._keys[0]
        return jwt.encode({"typ": type, "alg": ALGORITHM, "kid": key.kid}, claims, key)


def _email(account: Account, scope: str) -> dict[str, Any]:
    return {"email": account.email, "email_verified": True} if "email" in scope.split() else {}


def _new_key() -> ECKey:
    return ECKey.generate_key("P-256", {"alg": ALGORITHM, "use": "sig"}, auto_kid=True)
