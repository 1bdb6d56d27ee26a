"""Daemon thread for blocking clients."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")


class DaemonThread(Executor):
    """Executor with one daemon thread; unlike `ThreadPoolExecutor`, it never delays the process's exit.

    A client that waits for an unreachable broker may block for hours.
    """

    def __init__(self, name: str) -> None:
        self._tasks: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def submit(self, do: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `do` after everything submitted before."""
        future: Future[T] = Future()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(do(*args, **kwargs))
            except BaseException as error:
                future.set_exception(error)

        self._tasks.put(work)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: Any = False) -> None:
        """Stop after the submitted work, without waiting for it."""
        self._tasks.put(None)

    def _run(self) -> None:
        while (work := self._tasks.get()) is not None:
            work()
