"""Background tasks."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")

REPEAT_SECONDS = 1.0
log = logging.getLogger(__name__)


async def cancel(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait until they have ended.

    A cancellation can get lost, for example if the timeout of a library ends at that moment. A task that
    retries after every error would then go on forever, so the cancellation is repeated.
    """
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=REPEAT_SECONDS)


async def finished(work: Coroutine[Any, Any, T], seconds: float) -> T:
    """Return the result of `work`. If the caller is cancelled, `work` has `seconds` to end before that."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        end = asyncio.get_running_loop().time() + seconds
        while not task.done() and (left := end - asyncio.get_running_loop().time()) > 0:
            with suppress(asyncio.CancelledError):  # `cancel` repeats itself
                await asyncio.wait([task], timeout=left)
        task.cancel()
        if task.done() and not task.cancelled() and (error := task.exception()):
            log.error("Work failed while it was stopped", exc_info=error)
        raise
