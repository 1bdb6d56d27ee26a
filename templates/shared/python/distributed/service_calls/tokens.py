"""Service tokens: signed JSON Web Tokens (RFC 7519) that identify the caller for a minute.

`iss` is the caller and `aud` the provider: a token is valid for one provider only, and a leaked one expires
soon.
"""

from time import time
from typing import Annotated, Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry
from pydantic import AfterValidator, SecretStr

from ...auth.security import LEEWAY_SECONDS, Unauthenticated
from ...auth.token_cache import VerifiedTokenCache
from ...settings import Settings
from .keys import private_key, public_key

ALGORITHM = "Ed25519"
TYPE = "service+jwt"
LIFETIME = 60  # seconds


def _checked_seed(seed: SecretStr) -> SecretStr:
    private_key(seed.get_secret_value())
    return seed


def _checked_callers(callers: str) -> str:
    _public_keys(callers)
    return callers


class ServiceKeySettings(Settings):
    """The private key that signs this service's tokens."""

    service_key: Annotated[SecretStr, AfterValidator(_checked_seed)]


class CallerSettings(Settings):
    """The public keys of the services that may call this one: `orders=<key>,cart=<key>`."""

    callers: Annotated[str, AfterValidator(_checked_callers)] = ""


class ServiceTokens:
    """Issues the tokens with which this service calls others."""

    def __init__(self, service: str, seed: str) -> None:
        """`service` is this service's name; raise ValueError if `seed` is malformed."""
        self._service = service
        self._key = private_key(seed)
        self._header = {"typ": TYPE, "alg": ALGORITHM, "kid": self._key.thumbprint()}
        self._tokens: dict[str, tuple[str, float]] = {}

    def token(self, audience: str) -> str:
        """Return a token for the service `audience`, valid for at least another half minute."""
        token, renewed_at = self._tokens.get(audience, ("", 0.0))
        now = time()
        if now >= renewed_at:
            issued = int(now)
            claims = {"iss": self._service, "aud": audience, "iat": issued, "exp": issued + LIFETIME}
            token = jwt.encode(self._header, claims, self._key, algorithms=[ALGORITHM])
            self._tokens[audience] = token, now + LIFETIME / 2
        return token


class CallerVerifier:
    """Verifies the tokens of services that call this one."""

    def __init__(self, service: str, callers: str) -> None:
        """`service` is this service's name, `callers` is as in the settings; raise ValueError if malformed.

        A caller may be listed twice during a key rotation, with its old and its new key.
        """
        keys = _public_keys(callers)
        self._names = {key.thumbprint(): name for name, key in keys}
        for _, key in keys:
            key.ensure_kid()
        self._keys = KeySet([key for _, key in keys])
        self._rules = JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            aud={"essential": True, "value": service},
            iss={"essential": True},
            iat={"essential": True},
            exp={"essential": True},
        )
        self._verified: VerifiedTokenCache[str] = VerifiedTokenCache()

    def verify(self, token: str) -> str:
        """Return the caller's name; raise `Unauthenticated` if no listed caller issued the token."""
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
            raise ValueError("the issuer is not the owner of the key")
        if claims["exp"] - claims["iat"] > LIFETIME:
            raise ValueError("the lifetime is too long")
        return claims


def _public_keys(callers: str) -> list[tuple[str, Any]]:
    entries = [entry.strip().partition("=") for entry in callers.split(",") if entry.strip()]
    if not all(name and key for name, _, key in entries):
        raise ValueError("each caller is written like NAME=KEY")
    return [(name, public_key(key)) for name, _, key in entries]
