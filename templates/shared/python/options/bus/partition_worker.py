"""Partition worker: the queue of one partition and the task that processes it."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

from ...tasks import cancel
from .port import Record
from .record_processor import RecordProcessor

log = logging.getLogger(__name__)

# A batch is one transaction, which holds locks that the batches of other partitions wait for.
BATCH = 100


class PartitionWorker:
    """Processes the records of one partition in batches, in the background.

    `done` is the offset after the last completed batch, or None if there is nothing to commit. `busy` is True
    while a batch is running.
    """

    def __init__(self, processor: RecordProcessor) -> None:
        self.done: int | None = None
        self.busy = False
        self._processor = processor
        self._records: deque[Record] = deque()
        self._changed = asyncio.Event()
        self._closing = False
        self._task = asyncio.create_task(self._run())

    @property
    def waiting(self) -> int:
        """Number of queued records."""
        return len(self._records)

    def add(self, record: Record) -> None:
        """Append the record to the queue."""
        self._records.append(record)
        self._changed.set()

    async def finish(self, seconds: float) -> int | None:
        """Stop after the running batch, or after `seconds`; return `done`. Queued records are dropped."""
        self._closing = True
        self._records.clear()
        self._changed.set()
        await asyncio.wait([self._task], timeout=seconds)
        await self.abort()
        return self.done

    async def abort(self) -> None:
        """Stop immediately. A running batch may still commit; the next owner finds that in the inbox."""
        await cancel(self._task)

    async def _run(self) -> None:
        while not self._closing:
            if not self._records:
                self._changed.clear()
                await self._changed.wait()
                continue
            wait = self._processor.seconds_until_due(self._records[0])
            if wait > 0:
                await self._sleep(wait)
                continue
            batch = self._due()
            self.busy = True
            if await self._process(batch):
                self.done = batch[-1].offset + 1
            self.busy = False

    async def _sleep(self, seconds: float) -> None:
        self._changed.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), seconds)

    def _due(self) -> list[Record]:
        batch: list[Record] = []
        while self._records and len(batch) < BATCH:
            if self._processor.seconds_until_due(self._records[0]) > 0:
                break
            batch.append(self._records.popleft())
        return batch

    async def _process(self, batch: Sequence[Record]) -> bool:
        """Process the batch; return False if it still fails when the worker has to finish."""
        while not self._closing:
            try:
                await self._processor.process(batch)
            except Exception:
                # No record may be skipped, whatever the error.
                log.exception("A batch of records could not be processed; retrying")
                await asyncio.sleep(1.0)
            else:
                return True
        return False
