"""A memory of verified tokens, so that one signature is checked once and not on each request."""

from time import time

from ..chassis.security import Principal


class VerifiedTokens:
    """Callers by token, each until its token expires; the oldest entries leave when it is full."""

    def __init__(self, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._entries: dict[str, tuple[Principal, float]] = {}

    def get(self, token: str) -> Principal | None:
        """Return the caller of a token that was verified before and has not expired since."""
        entry = self._entries.get(token)
        if entry is None:
            return None
        principal, expires = entry
        if expires <= time():
            del self._entries[token]
            return None
        return principal

    def put(self, token: str, principal: Principal, expires: float) -> None:
        """Remember a valid token until `expires` (Unix time in seconds)."""
        if len(self._entries) >= self._capacity:
            del self._entries[next(iter(self._entries))]
        self._entries[token] = (principal, expires)

    def clear(self) -> None:
        """Forget every token, as is due when the keys have changed."""
        self._entries.clear()
