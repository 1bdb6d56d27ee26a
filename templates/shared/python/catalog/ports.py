"""Ports of the catalog: what it needs from the rest of the program."""

from collections.abc import Awaitable, Callable
from typing import Protocol


class Cache(Protocol):
    """Caches bytes that are read far more often than they change, in groups that are invalidated together."""

    async def fetch(self, group: str, key: str, load: Callable[[], Awaitable[bytes | None]]) -> bytes | None:
        """Return the entry; call `load` if it is not cached."""
        ...

    async def invalidate(self, *groups: str) -> None:
        """Invalidate all entries of the groups."""
        ...
