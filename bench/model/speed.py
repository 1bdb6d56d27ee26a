"""Speed of this machine: that of a shared one drifts by tens of percents between two measurements."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from statistics import median

PAUSE_SECONDS = 0.5
NUMBERS = 10_000
"""Takes a few milliseconds: with the pause, about one percent of a core."""


class Speed:
    """CPU time of a fixed piece of work, which another process repeats with the lowest priority."""

    def __init__(self, samples: Connection) -> None:
        self._connection = samples
        self._samples: list[tuple[float, float]] = []

    def work_ms(self, since: float, until: float) -> float:
        """Return the CPU time in ms of the work, the median between two times of the monotonic clock."""
        while self._connection.poll():
            self._samples.append(self._connection.recv())
        return 1000 * median(used for moment, used in self._samples if since <= moment <= until)


@contextmanager
def watched_speed() -> Iterator[Speed]:
    """Measure the speed while the block runs."""
    receiver, sender = Pipe(duplex=False)
    process = Process(target=_repeat, args=(sender,), daemon=True)
    process.start()
    try:
        yield Speed(receiver)
    finally:
        process.terminate()
        process.join()


def _repeat(samples: Connection) -> None:
    os.nice(19)
    while True:
        start = time.process_time()
        assert len({str(number) for number in range(NUMBERS)}) == NUMBERS
        samples.send((time.monotonic(), time.process_time() - start))
        time.sleep(PAUSE_SECONDS)
