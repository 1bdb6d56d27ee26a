"""The keys that an issuer publishes: fetched ahead of need, and kept while it is away."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, TypeVar

import httpx2
import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

T = TypeVar("T")
Jwk = dict[str, Any]
Fetch = Callable[[], Awaitable[list[Jwk]]]
"""Gets the published keys, or raises an error of httpx2 or msgspec, or `KeysUnavailable`."""

REFRESH_SECONDS = 300.0
RETRY_SECONDS = 10.0
# While no key is known at all, all requests fail: the issuer may only be starting, just as we are.
FIRST_RETRY_SECONDS = 1.0
_KINDS = {("RSA", None), ("EC", "P-256"), ("OKP", "Ed25519")}

_log = logging.getLogger(__name__)


class KeysUnavailable(Exception):
    """The issuer did not answer, or not as the issuer that it should be."""


class PublishedKeys:
    """An issuer's keys (a JSON Web Key Set, RFC 7517).

    Keys are fetched at the start, every five minutes, and when a token names an unknown key: at most once in
    ten seconds, so that invented key ids cannot make us flood the issuer. While the issuer does not answer,
    the keys that are known stay in use; as long as none is known, it is asked after a second, then after
    twice that, up to ten seconds. `on_change` is called when the issuer publishes other keys.
    """

    def __init__(self, issuer: str, fetch: Fetch, on_change: Callable[[], None] = lambda: None) -> None:
        """`issuer` is its name in logs."""
        self._issuer = issuer
        self._fetch = fetch
        self._on_change = on_change
        self._published: list[Jwk] = []
        self._keys: dict[str, Key] = {}
        self._fetching = asyncio.Lock()
        self._fetched_at = float("-inf")
        self._first_pause = 0.0
        self._refreshing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Fetch the keys, if the issuer answers, and go on doing so in the background."""
        await self._try_fetch()
        self._refreshing = asyncio.create_task(self._refresh_forever())

    async def stop(self) -> None:
        """End the background work."""
        if self._refreshing is not None:
            self._refreshing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._refreshing

    async def ping(self) -> None:
        """Raise `KeysUnavailable` as long as no key is known, for then no token can be verified."""
        if not self._keys:
            raise KeysUnavailable(f"no keys of {self._issuer} yet")

    async def key(self, kid: str) -> Key | None:
        """Return the key of that id, asking the issuer if it is new; None when there is none.

        Raises `KeysUnavailable` when no key at all is known.
        """
        found = self._keys.get(kid)
        if found is None:
            async with self._fetching:
                if kid not in self._keys and monotonic() - self._fetched_at >= self._pause():
                    await self._try_fetch()
            await self.ping()
            found = self._keys.get(kid)
        return found

    def _pause(self) -> float:
        return RETRY_SECONDS if self._keys else self._first_pause

    async def _refresh_forever(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_SECONDS if self._keys else self._pause())
            async with self._fetching:
                await self._try_fetch()

    async def _try_fetch(self) -> None:
        self._fetched_at = monotonic()
        try:
            published = await self._fetch()
        except (httpx2.HTTPError, httpx2.InvalidURL, msgspec.MsgspecError, KeysUnavailable) as error:
            _log.warning("cannot fetch the keys of %s: %r", self._issuer, error)
            self._first_pause = min(max(2 * self._first_pause, FIRST_RETRY_SECONDS), RETRY_SECONDS)
            return
        if published != self._published:
            self._published, self._keys = published, _usable(published)
            self._on_change()


class _KeySet(msgspec.Struct):
    keys: list[Jwk]


async def key_set(http: httpx2.AsyncClient, url: str) -> list[Jwk]:
    """Return the keys of the set at `url`."""
    return (await document(http, url, _KeySet)).keys


async def document(http: httpx2.AsyncClient, url: str, type: type[T]) -> T:
    """Return the JSON document at `url` as a `type`."""
    response = await http.get(url)
    return msgspec.json.decode(response.raise_for_status().content, type=type)


def _usable(published: list[Jwk]) -> dict[str, Key]:
    keys = {}
    for jwk in published:
        if (jwk.get("kty"), jwk.get("crv")) in _KINDS and isinstance(jwk.get("kid"), str):
            try:
                keys[jwk["kid"]] = JWKRegistry.import_key(jwk)
            except (JoseError, ValueError) as error:
                _log.warning("key %s of the issuer is malformed: %r", jwk["kid"], error)
    return keys
