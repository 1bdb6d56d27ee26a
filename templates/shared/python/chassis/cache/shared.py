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
        self._overdue: set[str] = set()
        self._catching_up: asyncio.Task[None] | None = None

    async def read(self, group: str, key: str) -> tuple[bytes | None, bytes | None]:
        """Return the group's generation and the entry; (None, None) while the store is out of use."""
        if self._breaker.is_open or self._overdue:
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

    async def renew(self, groups: tuple[str, ...]) -> None:
        """Make every entry of `groups` stale; if the store is out of use, as soon as it is back."""
        self._overdue.update(groups)
        if not self._breaker.is_open:
            await self._renew_overdue()
        if self._overdue and self._catching_up is None:
            self._catching_up = asyncio.create_task(self._catch_up())

    async def close(self) -> None:
        """Stop trying and close the store."""
        if self._catching_up is not None:
            self._catching_up.cancel()
        await self._store.close()

    async def ping(self) -> None:
        """Raise unless the store answers."""
        await self._store.ping()

    async def _new_generation(self, group: str) -> bytes:
        generation = os.urandom(_GENERATION_BYTES)
        await self._store.set(_name(group), generation, GENERATION_SECONDS)
        return generation

    async def _renew_overdue(self) -> None:
        with self._breaker.guard():
            for group in tuple(self._overdue):
                await self._new_generation(group)
                self._overdue.discard(group)

    async def _catch_up(self) -> None:
        while self._overdue:
            await asyncio.sleep(0.5)
            await self._renew_overdue()
        self._catching_up = None


def _name(*parts: str) -> str:
    # Hashed, because a key may hold what a store does not allow in one, and be of any length.
    return "cache:" + blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
