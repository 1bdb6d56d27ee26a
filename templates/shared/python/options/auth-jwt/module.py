"""Identity with the shop's own accounts and tokens, put together.

    identity = build(IdentitySettings(), database, limits)
    app.state.verifier = identity.verifier      # a chassis.auth.security.TokenVerifier
    for router in identity.routers: ...         # /v1/auth/*, /v1/me, /.well-known/jwks.json
    await identity.start()                      # before the first request
    await identity.ping()                       # the readiness check "identity"; raises if it fails
    await identity.stop()                       # after the last request
    await identity.seed()                       # after the migrations: the administrator from the settings
    identity.users                              # looks up accounts: `exists(user_id)`

`limits` provides the rate limits `login-email`, `login-address` and `register-address`. The address is the
client's, so the server must accept forwarded addresses only from trusted proxies.
"""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator

from chassis.db.database import Database
from chassis.http.ratelimit import Limit, RateLimits
from chassis.settings import Settings

from . import api, me
from .emails import Email
from .keys import signing_keys
from .mail import MailFolder
from .passwords import Passwords
from .ports import Mail
from .resets import PasswordResets
from .sessions import Sessions
from .smtp import Sender, SmtpMail, SmtpUrl
from .tokens import AccessTokens
from .users import Users


def _checked_keys(seeds: SecretStr) -> SecretStr:
    signing_keys(seeds.get_secret_value())
    return seeds


def _checked_folder(folder: Path) -> Path:
    if folder.exists() and not folder.is_dir():
        raise ValueError("it is a file; choose a folder")
    return folder


class IdentitySettings(Settings):
    """Signing keys, token names, the administrator and rate limits of the shop's own accounts.

    With an `smtp_url`, mail is sent from the address `mail_from`. With a `mail_folder`, it is written there
    instead, for development.
    """

    signing_keys: Annotated[SecretStr, AfterValidator(_checked_keys)]
    token_issuer: str = Field(default="shop", min_length=1)
    token_audience: str = Field(default="shop", min_length=1)
    admin_email: Email | None = None
    admin_password: SecretStr | None = Field(default=None, min_length=8, max_length=128)
    logins_per_email: Limit = "20/minute"
    logins_per_address: Limit = "120/minute"
    registrations_per_address: Limit = "120/minute"
    mail_from: Sender = ""
    smtp_url: SmtpUrl = SecretStr("")
    mail_folder: Annotated[Path, AfterValidator(_checked_folder)] | None = None

    @field_validator("smtp_url")
    @classmethod
    def _with_sender(cls, url: SecretStr, others: ValidationInfo) -> SecretStr:
        if url.get_secret_value() and not others.data.get("mail_from"):
            raise ValueError("mail needs a sender. Set MAIL_FROM, too")
        return url


class Identity:
    """The parts of identity, wired."""

    def __init__(
        self, settings: IdentitySettings, database: Database, limits: RateLimits, mail: Mail | None
    ) -> None:
        self._settings = settings
        self._passwords = Passwords()
        self.users = Users(database, self._passwords)
        keys = signing_keys(settings.signing_keys.get_secret_value())
        self.verifier = AccessTokens(keys, settings.token_issuer, settings.token_audience)
        rates = api.Rates(
            login_email=limits.rule("login-email", settings.logins_per_email),
            login_address=limits.rule("login-address", settings.logins_per_address),
            register_address=limits.rule("register-address", settings.registrations_per_address),
        )
        accounts = api.router(self.users, Sessions(database), self.verifier, rates)
        self.routers: list[APIRouter] = [accounts, api.keys(keys), me.router()]
        if mail is not None:
            resets = PasswordResets(self.users, keys, settings.token_issuer, mail)
            self.routers.append(api.resets(resets, rates))

    async def start(self) -> None:
        """Do nothing: the keys are in the settings."""

    async def stop(self) -> None:
        """Finish running hashes and stop the threads."""
        self._passwords.close()

    async def ping(self) -> None:
        """Always succeed: identity depends only on the database, which has its own check."""

    async def seed(self) -> None:
        """Create or update the administrator, if the settings name an email address and a password."""
        email, password = self._settings.admin_email, self._settings.admin_password
        if email and password:
            await self.users.ensure_admin(email, password.get_secret_value())


def build(
    settings: IdentitySettings, database: Database, limits: RateLimits, mail: Mail | None = None
) -> Identity:
    """Return identity as configured; raise ValueError for a malformed signing key.

    Without `mail`, it is sent as the settings say. If they do not, forgotten passwords cannot be reset.
    """
    return Identity(settings, database, limits, mail or _mail(settings))


def _mail(settings: IdentitySettings) -> Mail | None:
    if url := settings.smtp_url.get_secret_value():
        return SmtpMail(url, settings.mail_from)
    return MailFolder(settings.mail_folder) if settings.mail_folder else None
