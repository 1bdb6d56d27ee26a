"""Work in threads while a test does something else."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager


@contextmanager
def at_work(works: Sequence[Callable[[], None]], stopping: threading.Event) -> Iterator[None]:
    """Run each work in a thread while the block runs; then set `stopping`, and wait until all have ended."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join()
