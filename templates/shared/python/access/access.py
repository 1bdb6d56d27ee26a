"""Access put together: a verifier, and the keys that it works with."""

import httpx2

from .keys import PublishedKeys
from .tokens import IssuedTokens

TIMEOUT_SECONDS = 5.0


class Access:
    """Verifies tokens that others issue: `verifier` is a `TokenVerifier` of chassis.security."""

    def __init__(self, http: httpx2.AsyncClient, keys: PublishedKeys, verifier: IssuedTokens) -> None:
        self._http = http
        self._keys = keys
        self.verifier = verifier

    async def start(self) -> None:
        """Fetch the issuer's keys, now and then again. An issuer that is away delays readiness only."""
        await self._keys.start()

    async def stop(self) -> None:
        """End the background work and close the connections to the issuer."""
        await self._keys.stop()
        await self._http.aclose()

    async def ping(self) -> None:
        """Check readiness: raise `KeysUnavailable` until the issuer's keys have been fetched once."""
        await self._keys.ping()


def new_client() -> httpx2.AsyncClient:
    """Return the client that keys are fetched with."""
    return httpx2.AsyncClient(timeout=TIMEOUT_SECONDS)
