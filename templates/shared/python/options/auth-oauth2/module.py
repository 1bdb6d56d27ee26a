"""Identity with accounts at an OpenID Connect issuer, whose tokens `access` verifies, put together.

identity = build(IdentitySettings(), database, limits)
app.state.verifier = identity.verifier      # a chassis.auth.security.TokenVerifier
for router in identity.routers: ...         # /v1/me, /.well-known/oauth-protected-resource
await identity.start()                      # before the first request: fetches the issuer's keys
await identity.ping()                       # the readiness check "identity"; raises if it fails
await identity.stop()                       # after the last request
await identity.seed()                       # does nothing: the issuer manages users and roles
identity.users                              # cannot look up users: `exists(user_id)` is always true
"""

from fastapi import APIRouter

from chassis.auth.access import Access
from chassis.auth.module import AccessSettings as IdentitySettings
from chassis.auth.module import build as build_access
from chassis.auth.users import IssuerUsers
from chassis.db.database import Database
from chassis.http.ratelimit import RateLimits

from . import me, metadata

__all__ = ["Identity", "IdentitySettings", "build"]


class Identity:
    """The parts of identity, wired."""

    def __init__(self, settings: IdentitySettings, access: Access) -> None:
        self.users = IssuerUsers()
        self.verifier = access.verifier
        self.start = access.start
        self.stop = access.stop
        self.ping = access.ping
        scopes = ["openid", "email", settings.oidc_audience]
        self.routers: list[APIRouter] = [
            metadata.router(settings.public_url.rstrip("/"), settings.oidc_issuer, scopes),
            me.router(),
        ]

    async def seed(self) -> None:
        """Do nothing: the issuer manages users and their roles."""


def build(settings: IdentitySettings, database: Database, limits: RateLimits) -> Identity:
    """Return identity as configured. It stores nothing in the database and has no rate limits."""
    return Identity(settings, build_access(settings))
