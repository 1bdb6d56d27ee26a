"""Identity put together: the shop is an OpenID Connect resource server and keeps no accounts.

    identity = build(IdentitySettings(), database, limits)
    app.state.verifier = identity.verifier      # a chassis.security.TokenVerifier
    for router in identity.routers: ...         # /v1/me, /.well-known/oauth-protected-resource
    await identity.start()                      # before the first request: fetches the issuer's keys
    await identity.ping()                       # a readiness check named "identity"; raises when it fails
    await identity.stop()                       # after the last request
    await identity.seed()                       # users and roles are the issuer's: nothing to do

Settings: OIDC_ISSUER (exactly as the issuer writes itself), OIDC_AUDIENCE, OIDC_ADMIN_ROLE, PUBLIC_URL (where
callers reach the shop), and where needed OIDC_DISCOVERY_URL (where the shop reaches the issuer's discovery
document when that is not below OIDC_ISSUER) and OIDC_CLIENTS (the only clients whose tokens are taken).
"""

import httpx2
from fastapi import APIRouter

from ..chassis.database import Database
from ..chassis.ratelimit import RateLimits
from ..chassis.security import Principal
from ..chassis.settings import Settings
from ..chassis.verified import VerifiedTokens
from . import me, metadata
from .issuer import Issuer
from .tokens import IssuedTokens

TIMEOUT_SECONDS = 5.0


class IdentitySettings(Settings):
    """Whose tokens are taken, and what makes an administrator."""

    oidc_issuer: str
    oidc_audience: str = "shop"
    oidc_admin_role: str = "admin"
    oidc_discovery_url: str | None = None
    oidc_clients: str = ""
    public_url: str = "http://localhost:8000"


class Identity:
    """The running parts of identity."""

    def __init__(self, settings: IdentitySettings, http: httpx2.AsyncClient) -> None:
        self._http = http
        public_url = settings.public_url.rstrip("/")
        verified = VerifiedTokens[Principal]()
        self._issuer = Issuer(http, settings.oidc_issuer, settings.oidc_discovery_url, verified.clear)
        self.verifier = IssuedTokens(
            self._issuer,
            verified,
            name=settings.oidc_issuer,
            audience=settings.oidc_audience,
            admin_role=settings.oidc_admin_role,
            clients=frozenset(settings.oidc_clients.replace(",", " ").split()),
            metadata_url=f"{public_url}{metadata.PATH}",
        )
        scopes = ["openid", "email", settings.oidc_audience]
        self.routers: list[APIRouter] = [
            metadata.router(public_url, settings.oidc_issuer, scopes),
            me.router(),
        ]

    async def start(self) -> None:
        """Fetch the issuer's keys, now and then again. An issuer that is away delays readiness only."""
        await self._issuer.start()

    async def stop(self) -> None:
        """End the background work and close the connections to the issuer."""
        await self._issuer.stop()
        await self._http.aclose()

    async def ping(self) -> None:
        """Raise until the issuer's keys have been fetched once."""
        await self._issuer.ping()

    async def seed(self) -> None:
        """Nothing has to be ensured: users and their roles are the issuer's."""


def build(settings: IdentitySettings, database: Database, limits: RateLimits) -> Identity:
    """Return identity as the settings describe it. It keeps nothing in the database and limits nothing."""
    return Identity(settings, httpx2.AsyncClient(timeout=TIMEOUT_SECONDS))
