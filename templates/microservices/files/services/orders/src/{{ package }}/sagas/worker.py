"""Who carries sagas on."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from ..orders.domain import OrderRecord
from .definition import SagaDefinition
from .domain import Saga
from .repository import LeaseLost, SagaRepository

log = logging.getLogger(__name__)
StartSaga = Callable[[Saga, OrderRecord], None]

# Of new sagas and, apart from these, of resumed ones: so neither keep the other from going on.
MAX_CONCURRENT = 32
# How long a new saga waits for room. It slows down those who place more than can be done.
SLOT_WAIT_SECONDS = 2.0
POLL_SECONDS = 1.0
# Sagas that fall due close together share the statements that claim them.
GATHER_SECONDS = 0.02
# How long sagas that are under way may go on when the process ends.
GRACE_SECONDS = 3.0


class SagaWorker:
    """Runs sagas. Any number of workers, in any number of processes, may work at once.

    A new saga starts with the commit that stores it, without a claim. The worker claims those that fall due:
    after a failure, after there was no room, and after a process died, when its leases run out. No saga is
    ever dropped: one that cannot end is tried again for as long as it takes.
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
        """Hold room for a new saga in the block that stores it, and give what starts it then.

        Give None if there is no room: the saga is left to whoever claims it.
        """
        if not await self._acquire_slot():
            yield None
            self._wake.set()
            return
        started = False

        def start(saga: Saga, record: OrderRecord) -> None:
            nonlocal started
            started = True
            # In the caller's context, so that its trace goes on.
            self._start(saga, record).add_done_callback(lambda _: self._slots.release())

        try:
            yield start
        finally:
            if not started:
                self._slots.release()

    async def run(self) -> None:
        """Work until cancelled; a database that is away is waited for."""
        self._accepting = True
        try:
            while True:
                self._wake.clear()
                try:
                    await self.resume_due()
                except Exception:
                    log.exception("Sagas could not be claimed")
                    await asyncio.sleep(POLL_SECONDS)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
                    await asyncio.sleep(GATHER_SECONDS)
        finally:
            self._accepting = False
            await self._stop()

    async def resume_due(self) -> int:
        """Claim sagas that are due, as many as there is room for, and start them; return how many."""
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
            # There may have been more than there was room for.
            self._wake.set()
        self._resumed -= 1

    async def _run(self, saga: Saga, record: OrderRecord | None) -> None:
        try:
            async with asyncio.timeout(self._sagas.timing.run_timeout):
                await self._definition.resume(saga, record or await self._sagas.order_record(saga))
        except LeaseLost:
            log.info("The saga of order %s goes on elsewhere", saga.order_id)
        except Exception as error:
            log.warning("The saga of order %s waits: %r", saga.order_id, error)
            await self._postpone(saga, error)

    async def _postpone(self, saga: Saga, error: Exception) -> None:
        try:
            pause = await self._sagas.postpone(saga, error)
        except Exception as failure:
            # It falls due by itself, when the lease runs out.
            log.warning("The saga of order %s could not be put off: %r", saga.order_id, failure)
        else:
            asyncio.get_running_loop().call_later(pause, self._wake.set)

    async def _stop(self) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=GRACE_SECONDS)
        unfinished = dict(self._running)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        for saga in unfinished.values():
            # Or else it falls due when the lease runs out, which takes longer.
            with suppress(Exception):
                await self._sagas.release_lease(saga)
