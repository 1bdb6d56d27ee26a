"""Service: one program that hosts one or more bounded contexts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol

from fastapi import APIRouter

from ..auth.security import TokenVerifier
from ..db.database import Database
from ..db.retention import Retention, RetentionSettings
from ..http.health import Check, Health
from ..messaging.outbox import Outbox
from ..project import NAME
from ..tasks import cancel
from .program import GaugeSource, MetricSources
from .startup import Startup, wait_for

if TYPE_CHECKING:
    # Not loaded by services without a cache: the client of its store takes about 8 MiB.
    from ..cache import Cache

# Longer than one event handler may take.
FINISH_TIMEOUT_SECONDS = 20.0
BackgroundTask = Callable[[], Coroutine[Any, Any, None]]
Close = Callable[[], Awaitable[None]]


class Access(Protocol):
    """Authentication of callers; its keys are fetched at the start and refreshed."""

    @property
    def verifier(self) -> TokenVerifier: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def ping(self) -> None: ...


class BackgroundWorker(Protocol):
    """Background work that can be asked to finish."""

    async def run(self) -> None:
        """Work until `stop` is called."""
        ...

    def stop(self) -> None:
        """Stop accepting work; `run` returns when the work in progress is done."""
        ...


class Service:
    """Bounded contexts assembled into a program (`Program`).

    Readiness depends only on the service's own parts. If it depended on other services, the failure of one
    would make all its callers unready, and theirs in turn.
    """

    def __init__(
        self,
        title: str,
        access: Access,
        routers: Sequence[APIRouter],
        *,
        database: Database | None = None,
        cache: "Cache | None" = None,
        outboxes: Sequence[Outbox] = (),
        gauge_sources: Sequence[GaugeSource] = (),
        startup_checks: Mapping[str, Check] | None = None,
        optional_checks: Mapping[str, Check] | None = None,
        tasks: Sequence[BackgroundTask] = (),
        workers: Sequence[BackgroundWorker] = (),
        on_close: Sequence[Close] = (),
    ) -> None:
        """`tasks` and `workers` run in the background while the service runs.

        On shutdown, workers finish the work in progress, tasks are cancelled, and `on_close` is called.
        """
        self.title = f"{NAME} {title}"
        self.document = f"/openapi/{title.lower().replace(' ', '_')}.json"
        self.verifier = access.verifier
        self.metric_sources = MetricSources(database, cache, outboxes, gauge_sources)
        self._startup = Startup(database, startup_checks or {})
        caches = {"cache": cache.ping} if cache else {}
        self._optional = {"identity": access.ping, **caches, **(optional_checks or {})}
        self.health = Health(self._startup.required, self._optional)
        self._access = access
        self._routers = routers
        retention = [Retention(database, RetentionSettings()).run] if database else []
        self._tasks = [*tasks, *retention]
        self._workers = workers
        self._on_close = [part.close for part in (database, cache) if part] + list(on_close)

    def routers(self) -> Sequence[APIRouter]:
        """Return the public and the internal routes."""
        return self._routers

    async def check_startup(self) -> None:
        """Make the startup checks and close their connections; raise `StartupRefused` if one does."""
        await self._startup.refuse()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run background work during the block, once startup is complete; then close all connections."""
        async with AsyncExitStack() as stack:
            for close in self._on_close:
                stack.push_async_callback(close)
            stack.push_async_callback(self._access.stop)
            await self._access.start()
            work = await stack.enter_async_context(AsyncExitStack())
            for start in (self._start(work), self._wait_for_optional()):
                stack.push_async_callback(cancel, asyncio.create_task(start))
            yield

    async def _start(self, work: AsyncExitStack) -> None:
        """Start the background work, which ends with `work`; without its tables, it would only fail."""
        await self._startup.complete()
        for task in self._tasks:
            work.push_async_callback(cancel, asyncio.create_task(task()))
        for worker in self._workers:
            work.push_async_callback(_finish, worker, asyncio.create_task(worker.run()))

    async def _wait_for_optional(self) -> None:
        """Log which optional dependencies do not respond at the start."""
        await asyncio.gather(*(wait_for(name, check) for name, check in self._optional.items()))


async def _finish(worker: BackgroundWorker, task: asyncio.Task[None]) -> None:
    worker.stop()
    await asyncio.wait([task], timeout=FINISH_TIMEOUT_SECONDS)
    await cancel(task)
