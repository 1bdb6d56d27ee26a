"""A bulkhead: a slow peer may keep so many of our requests waiting, and no more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .errors import CallRejected


class Bulkhead:
    """Lets `max_concurrent` calls run and `max_queued` more wait, `acquire_timeout` seconds at most."""

    def __init__(self, service: str, max_concurrent: int, max_queued: int, acquire_timeout: float) -> None:
        self._service = service
        self._slots = asyncio.Semaphore(max_concurrent)
        self._max_queued = max_queued
        self._acquire_timeout = acquire_timeout
        self._waiting = 0

    @asynccontextmanager
    async def slot(self, seconds: float) -> AsyncIterator[None]:
        """Give a slot for the time of the block, after at most `seconds`; or raise `CallRejected`."""
        if self._slots.locked():
            await self._wait(min(seconds, self._acquire_timeout))
        else:
            await self._slots.acquire()
        try:
            yield
        finally:
            self._slots.release()

    async def _wait(self, seconds: float) -> None:
        if self._waiting >= self._max_queued:
            raise CallRejected(self._service)
        self._waiting += 1
        try:
            async with asyncio.timeout(seconds):
                await self._slots.acquire()
        except TimeoutError:
            raise CallRejected(self._service) from None
        finally:
            self._waiting -= 1
