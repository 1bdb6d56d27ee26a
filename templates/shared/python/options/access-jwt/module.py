"""Access with accounts in the identity service: its published keys verify its tokens.

Settings: IDENTITY_URL (the service's address), and TOKEN_ISSUER and TOKEN_AUDIENCE, equal to the service's.
"""

from functools import partial
from uuid import UUID

import httpx2
import msgspec
from joserfc.jwt import JWTClaimsRegistry
from pydantic import Field

from ..settings import HttpUrl, Settings
from .access import Access, new_client
from .keys import PublishedKeys, key_set
from .security import LEEWAY_SECONDS, Principal
from .token_cache import VerifiedTokenCache
from .tokens import Claims, IssuedTokens, Profile

KEYS_PATH = "/.well-known/jwks.json"


class AccessSettings(Settings):
    """Whose tokens are accepted."""

    identity_url: HttpUrl
    token_issuer: str = Field(default="shop", min_length=1)
    token_audience: str = Field(default="shop", min_length=1)


def build(settings: AccessSettings, http: httpx2.AsyncClient | None = None) -> Access:
    """Return access as configured; `http` reaches the identity service."""
    http = http or new_client()
    verified = VerifiedTokenCache[Principal]()
    fetch = partial(key_set, http, settings.identity_url.rstrip("/") + KEYS_PATH)
    keys = PublishedKeys(settings.token_issuer, fetch, verified.clear)
    return Access(http, keys, IssuedTokens(keys, verified, _profile(settings)))


def _profile(settings: AccessSettings) -> Profile:
    return Profile(
        # Those of identity services in Python and in Java. The type of a key allows only one of them.
        algorithms=("Ed25519", "ES256"),
        types=("at+jwt",),
        rules=JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": settings.token_issuer},
            aud={"essential": True, "value": settings.token_audience},
            sub={"essential": True},
            exp={"essential": True},
        ),
        principal=_principal,
    )


class _User(msgspec.Struct):
    sub: UUID
    email: str | None
    roles: frozenset[str]


def _principal(claims: Claims) -> Principal:
    user = msgspec.convert(claims, _User)
    return Principal(user.sub, user.email, user.roles)
