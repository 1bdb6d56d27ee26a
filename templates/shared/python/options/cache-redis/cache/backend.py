"""Redis as the shared store of the cache."""

from typing import Annotated, Any, cast

from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from pydantic import AfterValidator
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from ..settings import Settings
from .store import NoStore, Store

# Longer than a healthy Redis ever takes, and the longest that a caller waits for a dead one.
TIMEOUT = 0.25


def _checked(url: str) -> str:
    try:
        _pool(url)
    except ValueError:
        raise ValueError("a URL is written like redis://host:6379/0") from None
    return url


class CacheSettings(Settings):
    """The address of Redis (`redis://host:6379/0`); without it, each process has its own cache."""

    cache_url: Annotated[str, AfterValidator(_checked)] | None = None


class RedisStore:
    """Cache entries in Redis."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    async def get(self, *keys: str) -> list[bytes | None]:
        """Return the value of each key, in one round trip."""
        return cast(list[bytes | None], await self._client.mget(keys))

    async def set(self, key: str, value: bytes, seconds: int) -> None:
        """Store `value` for `seconds`."""
        await self._client.set(key, value, ex=seconds)

    async def ping(self) -> None:
        """Raise unless Redis answers."""
        await self._client.ping()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def open_store(settings: CacheSettings) -> Store:
    """Return the store, which connects on first use."""
    if settings.cache_url is None:
        return NoStore()
    return RedisStore(Redis.from_pool(_pool(settings.cache_url)))


def open_counters(settings: CacheSettings) -> Storage:
    """Return the storage for the counters of rate limits."""
    if settings.cache_url is None:
        return MemoryStorage()
    pool: Any = _pool(settings.cache_url)
    return RedisStorage(settings.cache_url, implementation="redispy", connection_pool=pool)


def _pool(url: str) -> BlockingConnectionPool:
    return BlockingConnectionPool.from_url(
        url,
        max_connections=16,
        timeout=TIMEOUT,
        socket_timeout=TIMEOUT,
        socket_connect_timeout=TIMEOUT,
        retry=Retry(NoBackoff(), 1),
    )
