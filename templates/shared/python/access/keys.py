"""An issuer's published keys: refreshed in the background, and kept while the issuer is unreachable."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, TypeVar

import httpx2
import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from ..tasks import cancel

T = TypeVar("T")
Jwk = dict[str, Any]
Fetch = Callable[[], Awaitable[list[Jwk]]]
"""Fetches the published keys; raises an error of httpx2 or msgspec, or `KeysUnavailable`."""

REFRESH_SECONDS = 300.0
RETRY_SECONDS = 10.0
# Until a key is known every request fails, so retry soon: the issuer may still be starting.
FIRST_RETRY_SECONDS = 1.0
# An issuer that answers in small pieces never exceeds the limit of one read.
FETCH_SECONDS = 10.0
_KINDS = {("RSA", None), ("EC", "P-256"), ("OKP", "Ed25519")}

_log = logging.getLogger(__name__)


class KeysUnavailable(Exception):
    """The issuer did not answer, or another issuer answered in its place."""


_FAILURES = (httpx2.HTTPError, httpx2.InvalidURL, msgspec.MsgspecError, KeysUnavailable, TimeoutError)


class PublishedKeys:
    """An issuer's keys (a JSON Web Key Set, RFC 7517).

    Keys are fetched at startup, every five minutes, and when a token names an unknown key, but then at most
    once in ten seconds: invented key ids must not make the shop flood the issuer. While the issuer does not
    answer, known keys stay in use. Until the first key is known, retries back off from one second to ten.
    `on_change` is called when the published keys change.
    """

    def __init__(self, issuer: str, fetch: Fetch, on_change: Callable[[], None] = lambda: None) -> None:
        """`issuer` is the issuer's name in logs."""
        self._issuer = issuer
        self._fetch = fetch
        self._on_change = on_change
        self._published: list[Jwk] = []
        self._keys: dict[str, Key] = {}
        self._fetching = asyncio.Lock()
        self._fetched_at = float("-inf")
        self._first_pause = 0.0
        self._unreachable = False
        self._refreshing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Fetch the keys, if the issuer answers, and keep refreshing them in the background."""
        await self._try_fetch()
        self._refreshing = asyncio.create_task(self._refresh_forever())

    async def stop(self) -> None:
        """Stop refreshing the keys."""
        if self._refreshing is not None:
            await cancel(self._refreshing)

    async def ping(self) -> None:
        """Raise `KeysUnavailable` while no key is known: no token can be verified then."""
        if not self._keys:
            raise KeysUnavailable(f"no keys fetched from {self._issuer} yet")

    async def key(self, kid: str) -> Key | None:
        """Return the key with that id, asking the issuer if it is unknown; None if there is no such key.

        Raises `KeysUnavailable` while no key at all is known, or if the issuer did not answer: the key may be
        a new one.
        """
        found = self._keys.get(kid)
        if found is None:
            async with self._fetching:
                if kid not in self._keys and monotonic() - self._fetched_at >= self._pause():
                    await self._try_fetch()
            await self.ping()
            found = self._keys.get(kid)
            if found is None and self._unreachable:
                raise KeysUnavailable(f"{self._issuer} does not answer whether it has the key {kid}")
        return found

    def _pause(self) -> float:
        return RETRY_SECONDS if self._keys else self._first_pause

    async def _refresh_forever(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_SECONDS if self._keys else self._pause())
            async with self._fetching:
                await self._try_fetch()

    async def _try_fetch(self) -> None:
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                published = await self._fetch()
        except _FAILURES as error:
            _log.warning("cannot fetch the keys of %s: %r", self._issuer, error)
            self._unreachable = True
            self._first_pause = min(max(2 * self._first_pause, FIRST_RETRY_SECONDS), RETRY_SECONDS)
            return
        finally:
            # At its end, so that a token that waited for this fetch does not start another.
            self._fetched_at = monotonic()
        self._unreachable = False
        if published != self._published:
            self._published, self._keys = published, _usable(published)
            self._on_change()


class _KeySet(msgspec.Struct):
    keys: list[Jwk]


async def key_set(http: httpx2.AsyncClient, url: str) -> list[Jwk]:
    """Return the keys in the key set at `url`."""
    return (await document(http, url, _KeySet)).keys


async def document(http: httpx2.AsyncClient, url: str, type: type[T]) -> T:
    """Return the JSON document at `url`, decoded as a `type`."""
    response = await http.get(url)
    return msgspec.json.decode(response.raise_for_status().content, type=type)


def _usable(published: list[Jwk]) -> dict[str, Key]:
    keys = {}
    for jwk in published:
        if (jwk.get("kty"), jwk.get("crv")) in _KINDS and isinstance(jwk.get("kid"), str):
            try:
                keys[jwk["kid"]] = JWKRegistry.import_key(jwk)
            except (JoseError, ValueError) as error:
                _log.warning("ignoring the issuer's malformed key %s: %r", jwk["kid"], error)
    return keys
