"""Background tasks."""

import asyncio
from typing import Any

REPEAT_SECONDS = 1.0


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
