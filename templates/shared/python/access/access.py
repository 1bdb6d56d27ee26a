"""Access: a token verifier and the issuer's keys that it uses."""

import httpx2

from .keys import PublishedKeys
from .tokens import IssuedTokens

TIMEOUT_SECONDS = 5.0


class Access:
    """Verifies tokens that another party issues: `verifier` is a `TokenVerifier` of chassis.auth.security."""

    def __init__(self, http: httpx2.AsyncClient, keys: PublishedKeys, verifier: IssuedTokens) -> None:
        self._http = http
        self._keys = keys
        self.verifier = verifier

    async def start(self) -> None:
        """Fetch the issuer's keys, now and periodically. An unreachable issuer only delays readiness."""
        await self._keys.start()

    async def stop(self) -> None:
        """Stop refreshing the keys and close the connections to the issuer."""
        await self._keys.stop()
        await self._http.aclose()

    async def ping(self) -> None:
        """Check readiness: raise `KeysUnavailable` until the issuer's keys have been fetched once."""
        await self._keys.ping()


def new_client() -> httpx2.AsyncClient:
    """Return the HTTP client that fetches keys."""
    return httpx2.AsyncClient(timeout=TIMEOUT_SECONDS)
