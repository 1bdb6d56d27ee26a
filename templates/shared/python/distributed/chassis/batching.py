"""Batching: concurrent calls of one kind share a request or a transaction."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
E = TypeVar("E", bound=Exception)
MAX_SIZE = 50


@dataclass(frozen=True, slots=True)
class _Call(Generic[T, R]):
    item: T
    result: asyncio.Future[R]
    context: Context


class Batcher(Generic[T, R]):
    """Combines concurrent calls into batches, one after the other.

    A call that comes alone runs at once. Calls that come while a batch runs form the next one, so batches
    grow with the load and nothing waits on a quiet service. If a batch fails, each of its calls raises the
    error.
    """

    def __init__(
        self, run: Callable[[Sequence[T]], Awaitable[Sequence[R | Exception]]], max_size: int = MAX_SIZE
    ) -> None:
        """`run` takes up to `max_size` items, and returns for each its result, or the error to raise."""
        self._run = run
        self._max_size = max_size
        self._waiting: deque[_Call[T, R]] = deque()
        self._running: asyncio.Task[None] | None = None

    async def call(self, item: T) -> R:
        """Return the result for `item`. A caller that is cancelled does not cancel its batch."""
        call: _Call[T, R] = _Call(item, asyncio.get_running_loop().create_future(), copy_context())
        self._waiting.append(call)
        if self._running is None:
            self._start()
        return await call.result

    def _start(self) -> None:
        # In the context of its first call: a call that comes alone belongs to the trace of its caller.
        context = self._waiting[0].context
        self._running = asyncio.create_task(self._run_batch(), context=context)
        self._running.add_done_callback(self._continue)

    def _continue(self, _: asyncio.Task[None]) -> None:
        self._running = None
        if self._waiting:
            self._start()

    async def _run_batch(self) -> None:
        calls = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._max_size))]
        try:
            results = await self._run([call.item for call in calls])
            answers = list(zip(calls, results, strict=True))
        except BaseException as error:
            for call in calls:
                if not call.result.done():
                    call.result.set_exception(error)
            if not isinstance(error, Exception):
                raise
        else:
            for call, result in answers:
                if call.result.done():
                    continue
                if isinstance(result, Exception):
                    call.result.set_exception(result)
                else:
                    call.result.set_result(result)


async def all_or_each(
    run: Callable[[Sequence[T]], Awaitable[None]], expected: type[E], items: Sequence[T]
) -> list[E | None]:
    """Run for all items at once or, if that raises the `expected` error, for each; return the errors."""
    try:
        await run(items)
    except expected as error:
        if len(items) == 1:
            return [error]
        return [(await all_or_each(run, expected, [item]))[0] for item in items]
    return [None] * len(items)
