"""A cache of verified tokens, so that each signature is checked only once."""

from time import time
from typing import Generic, TypeVar

T = TypeVar("T")


class VerifiedTokenCache(Generic[T]):
    """The bearers of verified tokens, each until its token expires; the oldest are evicted first."""

    def __init__(self, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._entries: dict[str, tuple[T, float]] = {}

    def get(self, token: str) -> T | None:
        """Return the bearer of a cached token, or None if it is unknown or has expired."""
        entry = self._entries.get(token)
        if entry is None:
            return None
        bearer, expires = entry
        if expires <= time():
            del self._entries[token]
            return None
        return bearer

    def put(self, token: str, bearer: T, expires: float) -> None:
        """Cache a verified token until `expires` (Unix time in seconds)."""
        if len(self._entries) >= self._capacity:
            del self._entries[next(iter(self._entries))]
        self._entries[token] = (bearer, expires)

    def clear(self) -> None:
        """Forget all tokens; required when the signing keys change."""
        self._entries.clear()
