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


@pytest.mark.parametrize(("seconds", "ends"), [(60.0, True), (0.0, False)])
async def test_work_in_progress_ends_before_its_caller_does(seconds: float, ends: bool) -> None:
    gate, ended = asyncio.Event(), False

    async def work() -> None:
        nonlocal ended
        await gate.wait()
        ended = True

    caller = asyncio.create_task(tasks.finished(work(), seconds))
    await asyncio.sleep(0)
    stopping = asyncio.create_task(tasks.cancel(caller))
    await asyncio.sleep(0)
    gate.set()
    await stopping
    assert caller.cancelled()
    assert ended is ends


async def test_work_returns_its_result_or_error() -> None:
    async def work(number: int) -> int:
        return 12 // number

    assert await tasks.finished(work(4), 1) == 3
    with pytest.raises(ZeroDivisionError):
        await tasks.finished(work(0), 1)
