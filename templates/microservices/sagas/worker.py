"""Saga worker: runs and resumes sagas."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from chassis.tasks import cancel
from chassis.telemetry.traces import continuing

from ..orders.domain import OrderRecord
from .definition import SagaDefinition
from .domain import Saga
from .repository import LeaseLost, SagaRepository

log = logging.getLogger(__name__)
StartSaga = Callable[[Saga, OrderRecord], None]

# Separate limits for new and resumed sagas, so neither starves the other.
MAX_CONCURRENT = 32
# How long a new saga waits for a free slot. The wait slows callers down under overload.
SLOT_WAIT_SECONDS = 2.0
POLL_SECONDS = 1.0
# Wait for more sagas to fall due, so that one statement claims several.
GATHER_SECONDS = 0.02
# How long running sagas may continue when the process shuts down.
GRACE_SECONDS = 3.0


class SagaWorker:
    """Runs sagas; any number of workers may run in any number of processes.

    A new saga is stored already claimed and starts right after that commit. The worker claims sagas that fall
    due: after a failure, when no slot was free, or when the lease of a dead process expires. Sagas are never
    dropped; one that cannot end is retried until it can.
    """

    def __init__(self, sagas: SagaRepository, definition: SagaDefinition) -> None:
        self._sagas = sagas
        self._definition = definition
        self._running: dict[asyncio.Task[None], Saga] = {}
        self._slots = asyncio.Semaphore(MAX_CONCURRENT)
        self._resumed = 0
        self._accepting = False
        self._wake = asyncio.Event()

    @asynccontextmanager
    async def capacity_slot(self) -> AsyncIterator[StartSaga | None]:
        """Reserve a slot for a new saga while the caller stores it; yield the function that starts it.

        Yield None if no slot is free: store the saga unclaimed, and a worker claims it when it has capacity.
        """
        if not await self._acquire_slot():
            yield None
            self._wake.set()
            return
        started = False

        def start(saga: Saga, record: OrderRecord) -> None:
            nonlocal started
            started = True
            self._start(saga, record).add_done_callback(lambda _: self._slots.release())

        try:
            yield start
        finally:
            if not started:
                self._slots.release()

    async def run(self) -> None:
        """Claim and run due sagas until cancelled; retry while the database is unavailable."""
        self._accepting = True
        try:
            while True:
                self._wake.clear()
                try:
                    await self.resume_due()
                except Exception:
                    log.exception("Due sagas could not be claimed; retrying")
                    await asyncio.sleep(POLL_SECONDS)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
                    await asyncio.sleep(GATHER_SECONDS)
        finally:
            self._accepting = False
            await self._stop()

    async def resume_due(self) -> int:
        """Claim and start due sagas, up to the number of free slots; return how many."""
        free_slots = MAX_CONCURRENT - self._resumed
        claimed = await self._sagas.claim_due(free_slots) if free_slots else []
        self._resumed += len(claimed)
        for saga in claimed:
            self._start(saga).add_done_callback(self._slot_freed)
        return len(claimed)

    async def _acquire_slot(self) -> bool:
        if not self._accepting:
            return False
        with suppress(TimeoutError):
            async with asyncio.timeout(SLOT_WAIT_SECONDS):
                return await self._slots.acquire()
        return False

    def _start(self, saga: Saga, record: OrderRecord | None = None) -> asyncio.Task[None]:
        task = asyncio.create_task(self._run(saga, record))
        self._running[task] = saga
        task.add_done_callback(self._running.pop)
        return task

    def _slot_freed(self, _: asyncio.Task[None]) -> None:
        if self._resumed == MAX_CONCURRENT:
            # All slots were in use, so more sagas may be due.
            self._wake.set()
        self._resumed -= 1

    async def _run(self, saga: Saga, record: OrderRecord | None) -> None:
        try:
            with continuing(f"saga {saga.stage}", saga.traceparent, str(saga.order_id)):
                async with asyncio.timeout(self._sagas.timing.run_timeout):
                    await self._definition.resume(saga, record or await self._sagas.order_record(saga))
        except LeaseLost:
            log.info("The saga of order %s was claimed by another worker", saga.order_id)
        except Exception as error:
            attempt = saga.attempts + 1
            log.warning("The saga of order %s failed (attempt %d): %r", saga.order_id, attempt, error)
            await self._postpone(saga, error)

    async def _postpone(self, saga: Saga, error: Exception) -> None:
        try:
            pause = await self._sagas.postpone(saga, error)
        except Exception as failure:
            # It falls due without this, when the lease expires.
            log.warning("The saga of order %s could not be postponed: %r", saga.order_id, failure)
        else:
            asyncio.get_running_loop().call_later(pause, self._wake.set)

    async def _stop(self) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=GRACE_SECONDS)
        unfinished = dict(self._running)
        await cancel(*unfinished)
        for saga in unfinished.values():
            # Otherwise it only falls due when the lease expires.
            with suppress(Exception):
                await self._sagas.release_lease(saga)
