"""Access tokens of the OpenID Connect issuer, verified."""

from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry

from ..chassis.problems import Problem
from ..chassis.security import Principal, Unauthenticated
from ..chassis.verified import VerifiedTokens
from .claims import Claims, principal_of
from .issuer import RETRY_SECONDS, Issuer, IssuerUnavailable

# Asymmetric only: were a MAC allowed, anybody could sign with the public key as its secret.
ALGORITHMS = ("RS256", "ES256", "EdDSA", "Ed25519")
TYPES = ("jwt", "at+jwt", "application/at+jwt")
LEEWAY = 10  # seconds between our clock and the issuer's


class IssuedTokens:
    """Verifies the issuer's access tokens (a `TokenVerifier`)."""

    def __init__(
        self,
        issuer: Issuer,
        verified: VerifiedTokens[Principal],
        *,
        name: str,
        audience: str,
        admin_role: str,
        clients: frozenset[str],
        metadata_url: str,
    ) -> None:
        self._issuer = issuer
        self._verified = verified
        self._audience = audience
        self._admin_role = admin_role
        self._clients = clients
        # Whoever shows no token did nothing wrong yet (RFC 6750, section 3.1).
        self.challenge = f'Bearer resource_metadata="{metadata_url}"'
        self._refusal = f'Bearer error="invalid_token", resource_metadata="{metadata_url}"'
        self._registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        self._rules = JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": name},
            aud={"essential": True, "value": audience},
            sub={"essential": True},
            exp={"essential": True},
        )

    async def verify(self, token: str) -> Principal:
        """Return the caller; raise `Unauthenticated` for a forged, expired or misaddressed token.

        Raises the problem `unavailable` while no key of the issuer is known.
        """
        known = self._verified.get(token)
        if known is not None:
            return known
        try:
            claims = await self._claims(token)
            principal = principal_of(claims, self._audience, self._admin_role)
        except (JoseError, ValueError, KeyError) as error:
            raise Unauthenticated(self._refusal) from error
        except IssuerUnavailable as error:
            headers = {"Retry-After": str(round(RETRY_SECONDS))}
            raise Problem(503, "unavailable", "The issuer does not answer.", headers=headers) from error
        self._verified.put(token, principal, claims["exp"])
        return principal

    async def _claims(self, token: str) -> Claims:
        header = jws.extract_compact(token.encode(), registry=self._registry).headers()
        if header.get("alg") not in ALGORITHMS or str(header.get("typ", "JWT")).lower() not in TYPES:
            raise ValueError("not a signed access token")
        key = await self._issuer.key(str(header.get("kid")))
        if key is None:
            raise ValueError("not a key of the issuer")
        claims = jwt.decode(token, key, registry=self._registry).claims
        self._rules.validate(claims)
        self._check_use(claims)
        return claims

    def _check_use(self, claims: dict[str, Any]) -> None:
        if claims.get("typ", "Bearer") != "Bearer":
            raise ValueError("Keycloak's name for another kind of token: ID, refresh or DPoP")
        if "cnf" in claims:
            raise ValueError("bound to a key (RFC 7800) that a bearer need not have")
        if self._clients and claims.get("azp", claims.get("client_id")) not in self._clients:
            raise ValueError("issued to a client that is not welcome here")
