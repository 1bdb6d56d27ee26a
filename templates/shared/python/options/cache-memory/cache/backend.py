"""No shared store: each process caches for itself."""

from limits.aio.storage import MemoryStorage, Storage

from ..settings import Settings
from .store import Store


class CacheSettings(Settings):
    """There is nothing to set."""


class NoStore:
    """A store that keeps nothing, so that every miss in the process goes to the database."""

    async def get(self, *keys: str) -> list[bytes | None]:
        """Find nothing."""
        return [None] * len(keys)

    async def set(self, key: str, value: bytes, seconds: int) -> None:
        """Keep nothing."""

    async def ping(self) -> None:
        """Succeed."""

    async def close(self) -> None:
        """Do nothing."""


def open_store(settings: CacheSettings) -> Store:
    """Return the store that keeps nothing."""
    return NoStore()


def open_counters(settings: CacheSettings) -> Storage:
    """Return where the rate limits count: in this process."""
    return MemoryStorage()
