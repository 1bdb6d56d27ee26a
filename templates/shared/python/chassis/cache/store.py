"""The shared store that the cache needs, and a stand-in that stores nothing."""

from typing import Protocol


class Store(Protocol):
    """Bytes under short keys, shared by all processes. Any call may fail, but fails fast."""

    async def get(self, *keys: str) -> list[bytes | None]:
        """Return the value of each key, in order; None for a missing key."""
        ...

    async def set(self, key: str, value: bytes, seconds: int) -> None:
        """Store `value` for at most `seconds`."""
        ...

    async def ping(self) -> None:
        """Raise unless the store answers."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


class NoStore:
    """A store that stores nothing: each process caches only for itself."""

    async def get(self, *keys: str) -> list[bytes | None]:
        """Return None for every key."""
        return [None] * len(keys)

    async def set(self, key: str, value: bytes, seconds: int) -> None:
        """Store nothing."""

    async def ping(self) -> None:
        """Always succeed."""

    async def close(self) -> None:
        """Do nothing."""
