"""A service: one program around one context."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, Protocol

from fastapi import APIRouter

from ..chassis.cache import Cache
from ..chassis.database import Database
from ..chassis.health import Check, Health
from ..chassis.outbox import Outbox
from ..chassis.security import TokenVerifier
from ..chassis.serving.program import Observed, Reading

# Longer than one handler may take.
FINISH_SECONDS = 20.0
Task = Callable[[], Coroutine[Any, Any, None]]
Close = Callable[[], Awaitable[None]]


class Access(Protocol):
    """Knows who is calling; it has keys to fetch and to renew."""

    @property
    def verifier(self) -> TokenVerifier: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def ping(self) -> None: ...


class Worker(Protocol):
    """Works in the background, and can be asked to come to an end."""

    async def run(self) -> None:
        """Work until `stop`."""
        ...

    def stop(self) -> None:
        """Take no more work; `run` returns when what is in hand is done."""
        ...


class Service:
    """A service, put together (a `Program`).

    It is ready when its own parts are. What other services do is no reason to send it no requests: it would
    fall with the first of them, and with it whoever asks for it.
    """

    def __init__(
        self,
        title: str,
        access: Access,
        routers: Sequence[APIRouter],
        *,
        database: Database | None = None,
        cache: Cache | None = None,
        outboxes: Sequence[Outbox] = (),
        readings: Sequence[Reading] = (),
        useful: Mapping[str, Check] | None = None,
        tasks: Sequence[Task] = (),
        workers: Sequence[Worker] = (),
        closing: Sequence[Close] = (),
    ) -> None:
        """`tasks` and `workers` run in the background while the service does.

        At its end the workers finish what they have in hand, tasks are cancelled, and `closing` is called.
        """
        self.title = title
        self.verifier = access.verifier
        self.observed = Observed(database, cache, outboxes, readings)
        parts = {"database": database.ping} if database else {}
        caches = {"cache": cache.ping} if cache else {}
        self.health = Health(parts, {"identity": access.ping, **caches, **(useful or {})})
        self._access = access
        self._routers = routers
        self._tasks = tasks
        self._workers = workers
        self._closing = [part.close for part in (database, cache) if part] + list(closing)

    def routers(self) -> Sequence[APIRouter]:
        """Return the interfaces, the public ones and those for other services."""
        return self._routers

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run what works in the background while the block runs; then close all connections."""
        async with AsyncExitStack() as stack:
            for close in self._closing:
                stack.push_async_callback(close)
            stack.push_async_callback(self._access.stop)
            await self._access.start()
            for task in self._tasks:
                stack.push_async_callback(_ended, asyncio.create_task(task()))
            for worker in self._workers:
                stack.push_async_callback(_finished, worker, asyncio.create_task(worker.run()))
            yield


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _finished(worker: Worker, task: asyncio.Task[None]) -> None:
    worker.stop()
    await asyncio.wait([task], timeout=FINISH_SECONDS)
    await _ended(task)
