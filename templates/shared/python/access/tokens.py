"""Verification of access tokens that another party issues."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry

from ..http.problems import Problem
from .keys import FIRST_RETRY_SECONDS, KeysUnavailable, PublishedKeys
from .security import BEARER, Principal, Unauthenticated
from .token_cache import VerifiedTokenCache

Claims = Mapping[str, Any]
# TypeError and AttributeError: joserfc takes any JSON for an object with members of the right types.
_UNACCEPTABLE = (JoseError, ValueError, KeyError, TypeError, AttributeError, msgspec.ValidationError)


@dataclass(frozen=True, slots=True)
class Profile:
    """What an issuer's tokens must look like, and how they map to callers.

    `algorithms` must be asymmetric: with a MAC, anybody could sign with the public key as the secret. `types`
    are accepted values of the header `typ`, in lower case. `principal` maps verified claims to the caller; it
    raises ValueError, KeyError or msgspec's ValidationError for a valid token that is not for this use.
    `challenge` and `refusal` are the `WWW-Authenticate` headers for a missing and for an invalid token;
    `security_scheme` says in OpenAPI how to get one.
    """

    algorithms: tuple[str, ...]
    types: tuple[str, ...]
    rules: JWTClaimsRegistry
    principal: Callable[[Claims], Principal]
    challenge: str = "Bearer"
    refusal: str = "Bearer"
    security_scheme: Mapping[str, Any] = field(default_factory=lambda: BEARER)


class IssuedTokens:
    """Verifies an issuer's access tokens (a `TokenVerifier`)."""

    def __init__(
        self, keys: PublishedKeys, verified: VerifiedTokenCache[Principal], profile: Profile
    ) -> None:
        """`verified` must be cleared when the keys change."""
        self._keys = keys
        self._verified = verified
        self._profile = profile
        self._registry = JWSRegistry(algorithms=profile.algorithms, strict_check_header=False)
        self.challenge = profile.challenge
        self.security_scheme = profile.security_scheme

    async def verify(self, token: str) -> Principal:
        """Return the caller; raise `Unauthenticated` for a forged, expired or misaddressed token.

        Raises the problem `unavailable` while no key of the issuer is known, or if the token names an unknown
        key and the issuer does not answer.
        """
        known = self._verified.get(token)
        if known is not None:
            return known
        try:
            claims = await self._claims(token)
            principal = self._profile.principal(claims)
        except _UNACCEPTABLE as error:
            raise Unauthenticated(self._profile.refusal) from error
        except KeysUnavailable as error:
            headers = {"Retry-After": str(round(FIRST_RETRY_SECONDS))}
            detail = "The token issuer is unavailable. Try again later."
            raise Problem(503, "unavailable", detail, headers=headers) from error
        self._verified.put(token, principal, claims["exp"])
        return principal

    async def _claims(self, token: str) -> Claims:
        header = jws.extract_compact(token.encode(), registry=self._registry).headers()
        if str(header.get("typ", "JWT")).lower() not in self._profile.types:
            raise ValueError("not an access token")
        key = await self._keys.key(str(header.get("kid")))
        if key is None:
            raise ValueError("unknown key")
        claims = jwt.decode(token, key, registry=self._registry).claims
        self._profile.rules.validate(claims)
        return claims
