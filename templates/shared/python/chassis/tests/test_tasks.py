"""Tests of background tasks."""

import asyncio

import pytest

from .. import tasks


async def test_a_lost_cancellation_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "REPEAT_SECONDS", 0.01)
    lost = 0

    async def forever() -> None:
        nonlocal lost
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                lost += 1
                if lost == 3:
                    raise

    running = [asyncio.create_task(forever()) for _ in range(2)]
    await asyncio.sleep(0)
    async with asyncio.timeout(30):
        await tasks.cancel(running[0])
    assert running[0].cancelled()
    lost = 2
    await tasks.cancel(*running)
    assert all(task.cancelled() for task in running)
