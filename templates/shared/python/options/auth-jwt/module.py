"""Identity put together: the shop keeps its own accounts and signs its own tokens.

    identity = build(IdentitySettings(), database, limits)
    app.state.verifier = identity.verifier      # a chassis.security.TokenVerifier
    for router in identity.routers: ...         # /v1/auth/*, /v1/me, /.well-known/jwks.json
    await identity.start()                      # before the first request
    await identity.ping()                       # a readiness check named "identity"; raises when it fails
    await identity.stop()                       # after the last request
    await identity.seed()                       # after the migrations: the administrator from the settings

`limits` is the application's `RateLimits`; the rules made of it are `login-email`, `login-address` and
`register-address`. The address is the request's client, so the server must take it from a trusted proxy.
"""

from fastapi import APIRouter
from pydantic import Field, SecretStr

from ..chassis.database import Database
from ..chassis.ratelimit import RateLimits
from ..chassis.settings import Settings
from . import api, me
from .keys import signing_keys
from .passwords import Passwords
from .sessions import Sessions
from .tokens import AccessTokens
from .users import Users


class IdentitySettings(Settings):
    """Keys, names and rate limits of the shop's own accounts."""

    signing_keys: SecretStr
    token_issuer: str = Field(default="shop", min_length=1)
    token_audience: str = Field(default="shop", min_length=1)
    admin_email: str | None = None
    admin_password: SecretStr | None = Field(default=None, min_length=8, max_length=128)
    logins_per_email: str = "20/minute"
    logins_per_address: str = "120/minute"
    registrations_per_address: str = "120/minute"


class Identity:
    """The running parts of identity."""

    def __init__(self, settings: IdentitySettings, database: Database, limits: RateLimits) -> None:
        self._settings = settings
        self._passwords = Passwords()
        self._users = Users(database, self._passwords)
        keys = signing_keys(settings.signing_keys.get_secret_value())
        self.verifier = AccessTokens(keys, settings.token_issuer, settings.token_audience)
        rates = api.Rates(
            login_email=limits.rule("login-email", settings.logins_per_email),
            login_address=limits.rule("login-address", settings.logins_per_address),
            register_address=limits.rule("register-address", settings.registrations_per_address),
        )
        accounts = api.router(self._users, Sessions(database), self.verifier, rates)
        self.routers: list[APIRouter] = [accounts, api.keys(keys), me.router()]

    async def start(self) -> None:
        """Nothing has to be fetched: the keys are in the settings."""

    async def stop(self) -> None:
        """Finish the hashes under way and end their threads."""
        self._passwords.close()

    async def ping(self) -> None:
        """Succeed always: identity depends on the database alone, which has a check of its own."""

    async def seed(self) -> None:
        """Ensure the administrator whose e-mail and password are in the settings, if they are."""
        email, password = self._settings.admin_email, self._settings.admin_password
        if email and password:
            await self._users.ensure_admin(email, password.get_secret_value())


def build(settings: IdentitySettings, database: Database, limits: RateLimits) -> Identity:
    """Return identity as the settings describe it; raise ValueError for a signing key that is none."""
    return Identity(settings, database, limits)
