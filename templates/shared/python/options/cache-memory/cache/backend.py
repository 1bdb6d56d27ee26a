"""No shared store: each process caches, and counts, for itself."""

from limits.aio.storage import MemoryStorage, Storage

from ..settings import Settings
from .store import NoStore, Store


class CacheSettings(Settings):
    """There is nothing to set."""


def open_store(settings: CacheSettings) -> Store:
    """Return the store that keeps nothing."""
    return NoStore()


def open_counters(settings: CacheSettings) -> Storage:
    """Return where the rate limits count: in this process."""
    return MemoryStorage()
