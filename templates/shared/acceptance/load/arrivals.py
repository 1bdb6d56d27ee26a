"""When the requests of an open-loop test are due: at their own times, whatever the answers do."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random


def constant(rate: float, seconds: float) -> Iterator[float]:
    """Due times in seconds from the start, `rate` a second, evenly spaced."""
    for number in range(int(rate * seconds)):
        yield number / rate


def poisson(rate: float, seconds: float, random: Random) -> Iterator[float]:
    """Due times in seconds from the start, as of many independent users, on average `rate` a second."""
    due = random.expovariate(rate)
    while due < seconds:
        yield due
        due += random.expovariate(rate)
