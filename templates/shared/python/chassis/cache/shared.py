"""The shared tier: entries that are only valid under their group's present generation."""

import asyncio
import os
import random
from hashlib import blake2b

from ..breaker import Breaker
from .store import Store

ENTRY_SECONDS = 60
GENERATION_SECONDS = 86_400
_GENERATION_BYTES = 16


class SharedTier:
    """Entries in a store that may be slow, forgetful or dead.

    Each group has a generation, a random token; an entry carries the token that it was loaded under, and
    counts only while that is the group's token. A value that was loaded before a renewal and is written
    after it is therefore never read, and no list of keys has to be kept to invalidate a group.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._breaker = Breaker("The cache")
        self._pending: set[str] = set()
        self._retrying: asyncio.Task[None] | None = None

    async def read(self, group: str, key: str) -> tuple[bytes | None, bytes | None]:
        """Return the group's generation and the entry; (None, None) while the store is out of use."""
        if self._breaker.is_open or self._pending:
            return None, None
        with self._breaker.guard():
            generation, entry = await self._store.get(_name(group), _name(group, key))
            if generation is None:
                return await self._new_generation(group), None
            if entry is None or entry[:_GENERATION_BYTES] != generation:
                return generation, None
            return generation, entry[_GENERATION_BYTES:]
        return None, None

    async def write(self, group: str, key: str, generation: bytes, value: bytes) -> None:
        """Keep `value`, which was loaded after `generation` had been read."""
        # Entries that were loaded together must not expire together.
        seconds = round(ENTRY_SECONDS * random.uniform(0.8, 1.2))  # noqa: S311
        with self._breaker.guard():
            await self._store.set(_name(group, key), generation + value, seconds)

    async def invalidate(self, groups: tuple[str, ...]) -> None:
        """Make every entry of `groups` stale; if the store is out of use, as soon as it is back."""
        self._pending.update(groups)
        if not self._breaker.is_open:
            await self._invalidate_pending()
        if self._pending and self._retrying is None:
            self._retrying = asyncio.create_task(self._retry_pending())

    async def close(self) -> None:
        """Stop trying and close the store."""
        if self._retrying is not None:
            self._retrying.cancel()
        await self._store.close()

    async def ping(self) -> None:
        """Raise unless the store answers."""
        await self._store.ping()

    async def _new_generation(self, group: str) -> bytes:
        generation = os.urandom(_GENERATION_BYTES)
        await self._store.set(_name(group), generation, GENERATION_SECONDS)
        return generation

    async def _invalidate_pending(self) -> None:
        with self._breaker.guard():
            for group in tuple(self._pending):
                await self._new_generation(group)
                self._pending.discard(group)

    async def _retry_pending(self) -> None:
        while self._pending:
            await asyncio.sleep(0.5)
            await self._invalidate_pending()
        self._retrying = None


def _name(*parts: str) -> str:
    # Hashed, because a key may hold what a store does not allow in one, and be of any length.
    return "cache:" + blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
