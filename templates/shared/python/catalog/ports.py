"""What the catalogue needs from elsewhere."""

from collections.abc import Awaitable, Callable
from typing import Protocol


class Cache(Protocol):
    """Keeps bytes that are read much more often than they change, in groups that go stale together."""

    async def fetch(self, group: str, key: str, load: Callable[[], Awaitable[bytes | None]]) -> bytes | None:
        """Return the entry, loading it when it is not there."""
        ...

    async def invalidate(self, *groups: str) -> None:
        """Make all entries of the groups stale."""
        ...
