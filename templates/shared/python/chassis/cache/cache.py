"""Cache-aside with single-flight loading and invalidation by group."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from weakref import WeakValueDictionary

from cachetools import TLRUCache

from .shared import SharedTier
from .store import Store

LOCAL_SECONDS = 2.0
Load = Callable[[], Awaitable[bytes | None]]


class _Generation:
    """Identifies the entries of a group since its last invalidation in this process."""

    __slots__ = ("__weakref__",)


class Cache:
    """Caches bytes that are expensive to produce, under a group and a key.

    The in-process tier saves the hottest entries the round trip to the store. Other processes cannot
    invalidate it, so it keeps an entry for at most `LOCAL_SECONDS`, counted from the start of the load.
    """

    def __init__(self, store: Store, local_bytes: int = 16 * 1024 * 1024) -> None:
        self._shared = SharedTier(store)
        self._local: TLRUCache[tuple[_Generation, str], tuple[float, bytes]] = TLRUCache(
            maxsize=local_bytes,
            ttu=lambda _, entry, __: entry[0],
            timer=time.monotonic,
            getsizeof=lambda entry: len(entry[1]) + 200,
        )
        self._generations: WeakValueDictionary[str, _Generation] = WeakValueDictionary()
        self._flights: dict[tuple[_Generation, str], asyncio.Task[bytes | None]] = {}
        self.outcomes: Counter[str] = Counter(local=0, shared=0, load=0)

    async def fetch(self, group: str, key: str, load: Load) -> bytes | None:
        """Return the entry; load it if it is missing, once for all concurrent callers.

        If `load` returns None, so does this method, and nothing is cached.
        """
        generation = self._generation(group)
        entry_key = (generation, key)
        hit = self._local.get(entry_key)
        if hit is not None:
            self.outcomes["local"] += 1
            return hit[1]
        flight = self._flights.get(entry_key)
        if flight is None:
            flight = asyncio.create_task(self._load(generation, group, key, load))
            self._flights[entry_key] = flight
            flight.add_done_callback(lambda _: self._flights.pop(entry_key, None))
        # Shielded, so that a cancelled caller does not cancel the load for the others.
        return await asyncio.shield(flight)

    async def invalidate(self, *groups: str) -> None:
        """Invalidate all entries of `groups`, including loads in flight. Call it after the commit."""
        for group in groups:
            # A load in flight keeps the old generation, under which nobody will look up its result.
            self._generations.pop(group, None)
        await self._shared.invalidate(groups)

    async def ping(self) -> None:
        """Raise unless the shared store answers."""
        await self._shared.ping()

    async def close(self) -> None:
        """Close the shared store."""
        await self._shared.close()

    def _generation(self, group: str) -> _Generation:
        generation = self._generations.get(group)
        if generation is None:
            generation = self._generations[group] = _Generation()
        return generation

    async def _load(self, generation: _Generation, group: str, key: str, load: Load) -> bytes | None:
        expiry = time.monotonic() + LOCAL_SECONDS * random.uniform(0.75, 1)  # noqa: S311
        shared_generation, value = await self._shared.read(group, key)
        if value is None:
            self.outcomes["load"] += 1
            value = await load()
            if value is None:
                return None
            if shared_generation is not None:
                await self._shared.write(group, key, shared_generation, value)
        else:
            self.outcomes["shared"] += 1
        if len(value) < self._local.maxsize // 100:
            self._local[generation, key] = (expiry, value)
        return value
