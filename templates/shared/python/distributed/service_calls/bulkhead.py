"""Bulkhead: limits how many concurrent calls a slow provider can hold up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .errors import CallRejected


class Bulkhead:
    """Limits calls to `max_concurrent`; `max_queued` more wait, up to `acquire_timeout` seconds."""

    def __init__(self, service: str, max_concurrent: int, max_queued: int, acquire_timeout: float) -> None:
        self._service = service
        self._slots = asyncio.Semaphore(max_concurrent)
        self._max_queued = max_queued
        self._acquire_timeout = acquire_timeout
        self._waiting = 0

    @asynccontextmanager
    async def slot(self, seconds: float) -> AsyncIterator[None]:
        """Hold a slot during the block; raise `CallRejected` if none is free within `seconds`."""
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
