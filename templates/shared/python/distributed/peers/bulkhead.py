"""A bulkhead: a slow peer may keep so many of our requests waiting, and no more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .errors import HeldBack


class Bulkhead:
    """Lets `places` calls run at once and `queue` more wait, for `patience` seconds at most."""

    def __init__(self, peer: str, places: int, queue: int, patience: float) -> None:
        self._peer = peer
        self._places = asyncio.Semaphore(places)
        self._queue = queue
        self._patience = patience
        self._waiting = 0

    @asynccontextmanager
    async def place(self, seconds: float) -> AsyncIterator[None]:
        """Give a place for the time of the block, after a wait of at most `seconds`; or raise `HeldBack`."""
        if self._places.locked():
            await self._wait(min(seconds, self._patience))
        else:
            await self._places.acquire()
        try:
            yield
        finally:
            self._places.release()

    async def _wait(self, seconds: float) -> None:
        if self._waiting >= self._queue:
            raise HeldBack(self._peer)
        self._waiting += 1
        try:
            async with asyncio.timeout(seconds):
                await self._places.acquire()
        except TimeoutError:
            raise HeldBack(self._peer) from None
        finally:
            self._waiting -= 1
