"""A memory of verified tokens, so that one signature is checked once and not on each request."""

from time import time
from typing import Generic, TypeVar

T = TypeVar("T")


class VerifiedTokenCache(Generic[T]):
    """Whom tokens stand for, each until it expires; the oldest entries leave when it is full."""

    def __init__(self, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._entries: dict[str, tuple[T, float]] = {}

    def get(self, token: str) -> T | None:
        """Return the bearer of a token that was verified before and has not expired since."""
        entry = self._entries.get(token)
        if entry is None:
            return None
        bearer, expires = entry
        if expires <= time():
            del self._entries[token]
            return None
        return bearer

    def put(self, token: str, bearer: T, expires: float) -> None:
        """Remember a valid token until `expires` (Unix time in seconds)."""
        if len(self._entries) >= self._capacity:
            del self._entries[next(iter(self._entries))]
        self._entries[token] = (bearer, expires)

    def clear(self) -> None:
        """Forget every token, as is due when the keys have changed."""
        self._entries.clear()
