"""Access with accounts at an OpenID Connect issuer: the shop is a resource server.

Settings: OIDC_ISSUER (exactly as the issuer writes it), OIDC_AUDIENCE, OIDC_ADMIN_ROLE and PUBLIC_URL (the
shop's address for callers). Optional: OIDC_DISCOVERY_URL (the discovery document's address, if the shop does
not reach it below OIDC_ISSUER) and OIDC_CLIENTS (the only clients whose tokens are accepted).
"""

import httpx2
from joserfc.jwt import JWTClaimsRegistry

from ..settings import HttpUrl, Settings
from .access import Access, new_client
from .claims import check_use, principal_of
from .discovery import discovered, discovery_url
from .keys import PublishedKeys
from .security import LEEWAY_SECONDS, Principal
from .token_cache import VerifiedTokenCache
from .tokens import Claims, IssuedTokens, Profile

ALGORITHMS = ("RS256", "ES256", "EdDSA", "Ed25519")
TYPES = ("jwt", "at+jwt", "application/at+jwt")
METADATA_PATH = "/.well-known/oauth-protected-resource"
"""Below `public_url`: the metadata that names the issuer of tokens (RFC 9728)."""


class AccessSettings(Settings):
    """Whose tokens are accepted, and which role makes an administrator."""

    oidc_issuer: HttpUrl
    oidc_audience: str = "shop"
    oidc_admin_role: str = "admin"
    oidc_discovery_url: HttpUrl | None = None
    oidc_clients: str = ""
    public_url: HttpUrl = "http://localhost:8000"


def build(settings: AccessSettings, http: httpx2.AsyncClient | None = None) -> Access:
    """Return access as configured; `http` reaches the issuer."""
    http = http or new_client()
    verified = VerifiedTokenCache[Principal]()
    fetch = discovered(http, settings.oidc_issuer, settings.oidc_discovery_url)
    keys = PublishedKeys(settings.oidc_issuer, fetch, verified.clear)
    return Access(http, keys, IssuedTokens(keys, verified, _profile(settings)))


def _profile(settings: AccessSettings) -> Profile:
    clients = frozenset(settings.oidc_clients.replace(",", " ").split())
    metadata = f'resource_metadata="{settings.public_url.rstrip("/")}{METADATA_PATH}"'

    def principal(claims: Claims) -> Principal:
        check_use(claims, clients)
        return principal_of(claims, settings.oidc_audience, settings.oidc_admin_role)

    return Profile(
        algorithms=ALGORITHMS,
        types=TYPES,
        rules=JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": settings.oidc_issuer},
            aud={"essential": True, "value": settings.oidc_audience},
            sub={"essential": True},
            exp={"essential": True},
        ),
        principal=principal,
        # A request without a token must get no error code (RFC 6750, section 3.1).
        challenge=f"Bearer {metadata}",
        refusal=f'Bearer error="invalid_token", {metadata}',
        security_scheme={"type": "openIdConnect", "openIdConnectUrl": discovery_url(settings.oidc_issuer)},
    )
