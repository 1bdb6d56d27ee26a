"""Service tokens: who calls whom, signed, for a minute (JSON Web Tokens, RFC 7519).

`iss` is the caller and `aud` the callee. A token for one service is worth nothing at another, and one that
leaks is worth nothing soon.
"""

from time import time
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry
from pydantic import SecretStr

from ..chassis.security import Unauthenticated
from ..chassis.settings import Settings
from ..chassis.token_cache import VerifiedTokenCache
from .keys import private_key, public_key

ALGORITHM = "Ed25519"
TYPE = "service+jwt"
LIFETIME = 60  # seconds
LEEWAY = 5  # seconds between two machines' clocks


class ServiceKeySettings(Settings):
    """The key by which we prove who we are to those whom we call."""

    service_key: SecretStr


class CallerSettings(Settings):
    """The public keys of those who may call us: `orders=<key>,cart=<key>`."""

    callers: str = ""


class ServiceTokens:
    """Makes the tokens with which this service calls others."""

    def __init__(self, service: str, seed: str) -> None:
        """`service` is our name; raise ValueError for a malformed seed."""
        self._service = service
        self._key = private_key(seed)
        self._header = {"typ": TYPE, "alg": ALGORITHM, "kid": self._key.thumbprint()}
        self._tokens: dict[str, tuple[str, float]] = {}

    def token(self, audience: str) -> str:
        """Return a token for the service `audience`, valid for half a minute or more."""
        token, renewed_at = self._tokens.get(audience, ("", 0.0))
        now = time()
        if now >= renewed_at:
            issued = int(now)
            claims = {"iss": self._service, "aud": audience, "iat": issued, "exp": issued + LIFETIME}
            token = jwt.encode(self._header, claims, self._key, algorithms=[ALGORITHM])
            self._tokens[audience] = token, now + LIFETIME / 2
        return token


class CallerVerifier:
    """The services that may call this one."""

    def __init__(self, service: str, callers: str) -> None:
        """`service` is our name, `callers` as in the settings; raise ValueError for a malformed list.

        A caller may be listed twice, with its old key and its new one, while keys are exchanged.
        """
        keys = [_named(entry) for entry in callers.split(",") if entry.strip()]
        self._names = {key.thumbprint(): name for name, key in keys}
        for _, key in keys:
            key.ensure_kid()
        self._keys = KeySet([key for _, key in keys])
        self._rules = JWTClaimsRegistry(
            leeway=LEEWAY,
            aud={"essential": True, "value": service},
            iss={"essential": True},
            iat={"essential": True},
            exp={"essential": True},
        )
        self._verified: VerifiedTokenCache[str] = VerifiedTokenCache()

    def verify(self, token: str) -> str:
        """Return the caller's name; raise `Unauthenticated` unless a listed caller made the token for us."""
        known = self._verified.get(token)
        if known is not None:
            return known
        try:
            claims = self._claims(token)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise Unauthenticated from error
        caller: str = claims["iss"]
        self._verified.put(token, caller, claims["exp"])
        return caller

    def _claims(self, token: str) -> dict[str, Any]:
        decoded = jwt.decode(token, self._keys, algorithms=[ALGORITHM])
        if decoded.header.get("typ") != TYPE:
            raise ValueError("not a service token")
        claims = decoded.claims
        self._rules.validate(claims)
        if self._names[decoded.header["kid"]] != claims["iss"]:
            raise ValueError("a caller who speaks for another")
        if claims["exp"] - claims["iat"] > LIFETIME:
            raise ValueError("made to last")
        return claims


def _named(entry: str) -> tuple[str, Any]:
    name, _, key = entry.strip().partition("=")
    if not name:
        raise ValueError("CALLERS: each entry is NAME=KEY")
    return name, public_key(key)
