"""A thread for a client that blocks."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")


class DaemonThread(Executor):
    """Does one thing after the other; unlike `ThreadPoolExecutor`, it never holds up the end of the process.

    A client that waits for a broker which is away may wait for hours.
    """

    def __init__(self, name: str) -> None:
        self._tasks: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def submit(self, do: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do it after all that was asked before."""
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
        """End after what was asked; there is no waiting for that."""
        self._tasks.put(None)

    def _run(self) -> None:
        while (work := self._tasks.get()) is not None:
            work()
