"""Access tokens: short-lived, signed statements of the caller's identity (JWT profile of RFC 9068)."""

from time import time
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from chassis.auth.security import BEARER, LEEWAY_SECONDS, Principal, Unauthenticated
from chassis.auth.token_cache import VerifiedTokenCache
from chassis.ids import new_id

from .domain import User
from .keys import ALGORITHM

LIFETIME = 600  # seconds
TYPE = "at+jwt"


class AccessTokens:
    """Issues access tokens and verifies them (a `TokenVerifier`)."""

    challenge = "Bearer"
    security_scheme = BEARER

    def __init__(self, keys: KeySet, issuer: str, audience: str) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._rules = JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            sub={"essential": True},
            exp={"essential": True},
            nbf={"essential": True},
            iat={"essential": True},
            jti={"essential": True},
        )
        self._verified = VerifiedTokenCache[Principal]()

    def issue(self, user: User) -> str:
        """Return a token for `user` that is valid from now on for `LIFETIME` seconds."""
        now = int(time())
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": str(user.id),
            "exp": now + LIFETIME,
            "nbf": now,
            "iat": now,
            "jti": str(new_id()),
            "email": user.email,
            "roles": user.roles,
        }
        key = self._keys.keys[0]
        header = {"typ": TYPE, "alg": ALGORITHM, "kid": key.kid}
        return jwt.encode(header, claims, key, algorithms=[ALGORITHM])

    async def verify(self, token: str) -> Principal:
        """Return the caller; raise `Unauthenticated` for a forged, expired or misaddressed token."""
        known = self._verified.get(token)
        if known is not None:
            return known
        try:
            claims = self._claims(token)
            principal = Principal(UUID(claims["sub"]), claims["email"], frozenset(claims["roles"]))
        except (JoseError, ValueError, KeyError, TypeError) as error:
            # TypeError: joserfc takes any JSON for an object with members of the right types.
            raise Unauthenticated from error
        self._verified.put(token, principal, claims["exp"])
        return principal

    def _claims(self, token: str) -> dict[str, Any]:
        decoded = jwt.decode(token, self._keys, algorithms=[ALGORITHM])
        if decoded.header.get("typ") != TYPE:
            raise ValueError("not an access token")
        self._rules.validate(decoded.claims)
        return decoded.claims
