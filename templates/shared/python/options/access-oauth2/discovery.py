"""Discovery of the keys of an OpenID Connect issuer."""

import httpx2
import msgspec

from .keys import Fetch, Jwk, KeysUnavailable, document, key_set


class _Discovery(msgspec.Struct):
    issuer: str
    jwks_uri: str


def discovery_url(issuer: str) -> str:
    """Return the address of the issuer's discovery document."""
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def discovered(http: httpx2.AsyncClient, issuer: str, url: str | None = None) -> Fetch:
    """Return a function that fetches the keys named in the discovery document (OpenID Connect Discovery 1.0).

    `url` is the document's address, if it is not the one derived from the issuer.
    """
    address = url or discovery_url(issuer)

    async def fetch() -> list[Jwk]:
        discovery = await document(http, address, _Discovery)
        # Without this check one issuer could speak for another (OpenID Connect Discovery 1.0, section 4.3).
        if discovery.issuer != issuer:
            raise KeysUnavailable(f"{address} describes the issuer {discovery.issuer}, not {issuer}")
        return await key_set(http, discovery.jwks_uri)

    return fetch
