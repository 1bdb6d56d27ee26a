"""What the cache needs from a shared store, and how it does without."""

from typing import Protocol


class Store(Protocol):
    """Bytes under short keys, shared by all processes. Each call may fail, and fails soon."""

    async def get(self, *keys: str) -> list[bytes | None]:
        """Return the value of each key, in order; None for a key that is not there."""
        ...

    async def set(self, key: str, value: bytes, seconds: int) -> None:
        """Keep `value` for at most `seconds`."""
        ...

    async def ping(self) -> None:
        """Raise unless the store answers."""
        ...

    async def close(self) -> None:
        """Close its connections."""
        ...


class NoStore:
    """A store that keeps nothing: each process caches for itself alone."""

    async def get(self, *keys: str) -> list[bytes | None]:
        """Find nothing."""
        return [None] * len(keys)

    async def set(self, key: str, value: bytes, seconds: int) -> None:
        """Keep nothing."""

    async def ping(self) -> None:
        """Succeed."""

    async def close(self) -> None:
        """Do nothing."""
