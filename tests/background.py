"""Work in threads while a test does something else."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def at_work(works: Sequence[Callable[[], None]], stopping: threading.Event) -> Iterator[None]:
    """Run each work in a thread while the block runs; then set `stopping`, and wait until all have ended.

    Raises the first error of a work after the block.
    """
    with ThreadPoolExecutor(len(works)) as pool:
        running = [pool.submit(work) for work in works]
        try:
            yield
        finally:
            stopping.set()
    for work in running:
        work.result()
