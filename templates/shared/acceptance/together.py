"""Many clients at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

A = TypeVar("A")
T = TypeVar("T")


def together(call: Callable[[A], T], arguments: Sequence[A]) -> list[T]:
    """`call` each argument at once, each in a thread that waits for the others at the start; the results."""
    gate = threading.Barrier(len(arguments), timeout=60)

    def run(argument: A) -> T:
        gate.wait()
        return call(argument)

    with ThreadPoolExecutor(max_workers=len(arguments)) as pool:
        return list(pool.map(run, arguments))
