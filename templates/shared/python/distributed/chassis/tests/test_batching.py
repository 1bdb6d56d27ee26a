"""Batches of concurrent calls."""

import asyncio
from collections.abc import Sequence
from contextvars import ContextVar

import pytest

from ..batching import Batcher, all_or_each

caller: ContextVar[str] = ContextVar("caller")


class Doubling:
    """Doubles numbers in batches, which wait for `proceed`."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.callers: list[str] = []
        self.proceed = asyncio.Event()
        self.error: Exception | None = None

    async def run(self, numbers: Sequence[int]) -> list[int | Exception]:
        """Return twice each number, or an error for 0."""
        self.batches.append(list(numbers))
        self.callers.append(caller.get("nobody"))
        await self.proceed.wait()
        if self.error is not None:
            raise self.error
        return [2 * number if number else ZeroDivisionError() for number in numbers]


async def started(batcher: Batcher[int, int], *numbers: int) -> list[asyncio.Task[int]]:
    """Start a call for each number, and let the first batch begin."""
    tasks = [asyncio.create_task(batcher.call(number)) for number in numbers]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


async def test_calls_form_a_batch_while_another_one_runs() -> None:
    doubling = Doubling()
    batcher = Batcher(doubling.run, max_size=3)
    first = await started(batcher, 1)
    later = await started(batcher, 2, 3, 4, 5)
    doubling.proceed.set()
    assert await asyncio.gather(*first, *later) == [2, 4, 6, 8, 10]
    assert doubling.batches == [[1], [2, 3, 4], [5]]


async def test_an_error_among_the_results_concerns_only_its_call() -> None:
    doubling = Doubling()
    doubling.proceed.set()
    outcomes = await asyncio.gather(*await started(Batcher(doubling.run), 1, 0, 2), return_exceptions=True)
    assert [outcomes[0], outcomes[2]] == [2, 4]
    assert isinstance(outcomes[1], ZeroDivisionError)


async def test_a_batch_that_fails_raises_its_error_in_each_call_and_the_next_one_runs() -> None:
    doubling = Doubling()
    doubling.proceed.set()
    batcher = Batcher(doubling.run)
    doubling.error = ConnectionError()
    assert await asyncio.gather(*await started(batcher, 1, 2), return_exceptions=True) == [doubling.error] * 2
    doubling.error = None
    assert await batcher.call(3) == 6


async def test_a_cancelled_caller_cancels_no_other_call() -> None:
    doubling = Doubling()
    batcher = Batcher(doubling.run)
    first, second = await started(batcher, 1, 2)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    doubling.proceed.set()
    assert await second == 4


async def test_a_batch_runs_in_the_context_of_its_first_call() -> None:
    doubling = Doubling()
    doubling.proceed.set()
    batcher = Batcher(doubling.run)
    for name in ("alice", "bob"):
        caller.set(name)
        await batcher.call(1)
    assert doubling.callers == ["alice", "bob"]


async def test_items_that_fail_together_run_alone() -> None:
    """Only the items that fail alone have an error; an unexpected error ends the batch."""
    runs: list[list[int]] = []

    async def invert(numbers: Sequence[int]) -> None:
        runs.append(list(numbers))
        if 0 in numbers:
            raise ZeroDivisionError

    assert await all_or_each(invert, ZeroDivisionError, [1, 2]) == [None, None]
    first, second, third = await all_or_each(invert, ZeroDivisionError, [1, 0, 2])
    assert isinstance(second, ZeroDivisionError)
    assert (first, third) == (None, None)
    assert runs == [[1, 2], [1, 0, 2], [1], [0], [2]]
    with pytest.raises(ZeroDivisionError):
        await all_or_each(invert, ValueError, [1, 0])
