"""Who carries sagas on."""

import asyncio
import logging
from contextlib import suppress

from ..orders.domain import Purchase
from .domain import Saga
from .store import Overtaken, Sagas
from .story import Story

log = logging.getLogger(__name__)

CONCURRENT = 32
POLL_SECONDS = 1.0
# Places that become free close together are filled by one claim.
GATHER_SECONDS = 0.02
# How long sagas that are under way may go on when the process ends.
GRACE_SECONDS = 3.0


class Worker:
    """Runs sagas. Any number of workers, in any number of processes, may work at once.

    A new saga starts with the commit that stores it, without a claim. The worker claims those that fall due:
    after a failure, after another process was too busy, and after one died, when its leases run out. No saga
    is ever dropped: one that cannot end is tried again for as long as it takes.
    """

    def __init__(self, sagas: Sagas, story: Story, concurrent: int = CONCURRENT) -> None:
        """`concurrent` is how many sagas may be under way at once."""
        self._sagas = sagas
        self._story = story
        self._concurrent = concurrent
        self._running: dict[asyncio.Task[None], Saga] = {}
        self._accepting = False
        self._crowded = False
        self._wake = asyncio.Event()

    def has_room(self) -> bool:
        """Whether a saga that is started now is run at once."""
        return self._accepting and len(self._running) < self._concurrent

    def start(self, saga: Saga, purchase: Purchase | None = None) -> None:
        """Run a saga that is claimed; in the caller's context, so that its trace goes on."""
        task = asyncio.create_task(self._run(saga, purchase))
        self._running[task] = saga
        task.add_done_callback(self._ended)

    def wake(self) -> None:
        """Look for sagas that are due."""
        self._wake.set()

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
        room = self._concurrent - len(self._running)
        claimed = await self._sagas.claim_due(room) if room > 0 else []
        # There may be more of them: look again as soon as there is room.
        self._crowded = len(claimed) >= room
        for saga in claimed:
            self.start(saga)
        return len(claimed)

    async def _run(self, saga: Saga, purchase: Purchase | None) -> None:
        try:
            async with asyncio.timeout(self._sagas.timing.run):
                await self._story.go_on(saga, purchase or await self._sagas.purchase(saga))
        except Overtaken:
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

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        if self._crowded:
            self._wake.set()

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
                await self._sagas.give_back(saga)
