"""Where an OpenID Connect issuer publishes its keys."""

import httpx2
import msgspec

from .keys import Fetch, Jwk, KeysUnavailable, document, key_set


class _Discovery(msgspec.Struct):
    issuer: str
    jwks_uri: str


def discovered(http: httpx2.AsyncClient, issuer: str, url: str | None = None) -> Fetch:
    """Return what fetches the keys that the discovery document names (OpenID Connect Discovery 1.0).

    `url` is where that document is, when it is not where the issuer's name says.
    """
    address = url or f"{issuer.rstrip('/')}/.well-known/openid-configuration"

    async def fetch() -> list[Jwk]:
        discovery = await document(http, address, _Discovery)
        # Without this check one issuer could speak for another (OpenID Connect Discovery 1.0, section 4.3).
        if discovery.issuer != issuer:
            raise KeysUnavailable(f"{address} is about {discovery.issuer}")
        return await key_set(http, discovery.jwks_uri)

    return fetch
