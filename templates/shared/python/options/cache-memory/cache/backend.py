"""No shared store: each process caches and counts only for itself."""

from limits.aio.storage import MemoryStorage, Storage

from ..settings import Settings
from .store import NoStore, Store


class CacheSettings(Settings):
    """This cache has no settings."""


def open_store(settings: CacheSettings) -> Store:
    """Return a store that stores nothing."""
    return NoStore()


def open_counters(settings: CacheSettings) -> Storage:
    """Return the storage for the counters of rate limits, in this process."""
    return MemoryStorage()
