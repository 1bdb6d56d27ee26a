"""Shared cache tier: entries are valid only under their group's current generation."""

import asyncio
import os
import random
from contextlib import suppress
from hashlib import blake2b

from ..circuit import Circuit
from .store import Store

ENTRY_SECONDS = 60
# Longer than an entry, but not a day: each product that somebody asks for has one, sold here or not.
GENERATION_SECONDS = 600
_GENERATION_BYTES = 16


class SharedTier:
    """Entries in a store that may be slow, evict entries or be down.

    Each group has a generation, a random token. An entry carries the generation under which it was loaded and
    is valid only while that is the group's generation. A value that was loaded before an invalidation and
    written after it is therefore never read, and invalidating a group needs no list of its keys.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._circuit = Circuit("the cache", window=1)
        self._pending: set[str] = set()
        self._retrying: asyncio.Task[None] | None = None

    async def read(self, group: str, key: str) -> tuple[bytes | None, bytes | None]:
        """Return the group's generation and the entry; (None, None) while the store is unavailable."""
        if self._pending:
            return None, None
        with suppress(Exception), self._circuit.guard():
            generation, entry = await self._store.get(_name(group), _name(group, key))
            if generation is None:
                return await self._new_generation(group), None
            if entry is None or entry[:_GENERATION_BYTES] != generation:
                return generation, None
            return generation, entry[_GENERATION_BYTES:]
        return None, None

    async def write(self, group: str, key: str, generation: bytes, value: bytes) -> None:
        """Store `value`, which was loaded after `generation` was read."""
        # Jitter keeps entries that were loaded together from expiring together.
        seconds = round(ENTRY_SECONDS * random.uniform(0.8, 1.2))  # noqa: S311
        with suppress(Exception), self._circuit.guard():
            await self._store.set(_name(group, key), generation + value, seconds)

    async def invalidate(self, groups: tuple[str, ...]) -> None:
        """Invalidate all entries of `groups`; if the store is unavailable, as soon as it is back."""
        self._pending.update(groups)
        await self._invalidate_pending()
        if self._pending and self._retrying is None:
            self._retrying = asyncio.create_task(self._retry_pending())

    async def close(self) -> None:
        """Stop retrying and close the store."""
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
        with suppress(Exception), self._circuit.guard():
            for group in tuple(self._pending):
                await self._new_generation(group)
                self._pending.discard(group)

    async def _retry_pending(self) -> None:
        while self._pending:
            await asyncio.sleep(0.5)
            await self._invalidate_pending()
        self._retrying = None


def _name(*parts: str) -> str:
    # Hashed, because keys may be longer than a store allows or contain characters that it refuses.
    return "cache:" + blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
