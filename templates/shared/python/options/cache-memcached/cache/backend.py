"""Memcached as the shared store of the cache."""

import asyncio
import logging
from typing import Annotated
from urllib.parse import urlsplit

import emcache
from limits.aio.storage import MemcachedStorage, MemoryStorage, Storage
from pydantic import AfterValidator

from ..settings import Settings, is_url
from .store import NoStore, Store

# Longer than a healthy memcached ever takes, and the longest that a caller waits for a dead one.
TIMEOUT = 0.25
# Memcached refuses items of more than 1 MiB, with their keys. That is no failure of the cache.
LARGEST = 1_000_000
# The circuit breaker logs once that memcached is down; the client would log it at every attempt.
logging.getLogger("emcache").setLevel(logging.ERROR)


def _checked(url: str) -> str:
    if not is_url(url, "memcached"):
        raise ValueError("a URL is written like memcached://host:11211")
    return url


class CacheSettings(Settings):
    """The address of memcached (`memcached://host:11211`); without it, each process has its own cache."""

    cache_url: Annotated[str, AfterValidator(_checked)] | None = None


class MemcachedStore:
    """Cache entries in memcached."""

    def __init__(self, host: str, port: int) -> None:
        self._address = emcache.MemcachedHostAddress(host, port)
        self._connecting = asyncio.Lock()
        self._client: emcache.Client | None = None

    async def get(self, *keys: str) -> list[bytes | None]:
        """Return the value of each key, in one round trip."""
        names = [key.encode() for key in keys]
        client = self._client or await self._connect()
        found = await client.get_many(names)
        return [item.value if (item := found.get(name)) else None for name in names]

    async def set(self, key: str, value: bytes, seconds: int) -> None:
        """Store `value` for `seconds`, unless it is too large."""
        if len(value) > LARGEST:
            return
        client = self._client or await self._connect()
        await client.set(key.encode(), value, exptime=seconds)

    async def ping(self) -> None:
        """Raise unless memcached answers."""
        await self.get("ping")

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()

    async def _connect(self) -> emcache.Client:
        async with self._connecting:
            if self._client is None:
                self._client = await emcache.create_client(
                    [self._address], timeout=TIMEOUT, connection_timeout=TIMEOUT, max_connections=8
                )
            return self._client


def open_store(settings: CacheSettings) -> Store:
    """Return the store, which connects on first use."""
    if settings.cache_url is None:
        return NoStore()
    return MemcachedStore(*_address(settings.cache_url))


def open_counters(settings: CacheSettings) -> Storage:
    """Return the storage for the counters of rate limits."""
    if settings.cache_url is None:
        return MemoryStorage()
    host, port = _address(settings.cache_url)
    return MemcachedStorage(
        f"async+memcached://{host}:{port}",
        implementation="emcache",
        timeout=TIMEOUT,
        connection_timeout=TIMEOUT,
    )


def _address(url: str) -> tuple[str, int]:
    address = urlsplit(url)
    return address.hostname or "127.0.0.1", address.port or 11211
