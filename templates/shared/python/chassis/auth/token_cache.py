"""A cache of verified tokens, so that each signature is checked only once."""

from time import time
from typing import Generic, TypeVar

T = TypeVar("T")
# Not a number of tokens: one that names many groups is 12 KiB long, and others are a twentieth of that.
MAX_BYTES = 8 * 1024 * 1024
_OVERHEAD = 500


class VerifiedTokenCache(Generic[T]):
    """The bearers of verified tokens, each until its token expires; the oldest are evicted first."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: dict[str, tuple[T, float]] = {}

    def get(self, token: str) -> T | None:
        """Return the bearer of a cached token, or None if it is unknown or has expired."""
        entry = self._entries.get(token)
        if entry is None:
            return None
        bearer, expires = entry
        if expires <= time():
            self._delete(token)
            return None
        return bearer

    def put(self, token: str, bearer: T, expires: float) -> None:
        """Cache a verified token until `expires` (Unix time in seconds)."""
        if token in self._entries:
            self._delete(token)
        self._entries[token] = (bearer, expires)
        self._bytes += len(token) + _OVERHEAD
        while self._bytes > self._max_bytes:
            self._delete(next(iter(self._entries)))

    def clear(self) -> None:
        """Forget all tokens; required when the signing keys change."""
        self._entries.clear()
        self._bytes = 0

    def _delete(self, token: str) -> None:
        del self._entries[token]
        self._bytes -= len(token) + _OVERHEAD
