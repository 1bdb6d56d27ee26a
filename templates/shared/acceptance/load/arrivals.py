"""Arrival times of an open-loop test, independent of the responses."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random


def constant(rate: float, seconds: float) -> Iterator[float]:
    """Yield evenly spaced due times in seconds from the start, `rate` per second."""
    for number in range(int(rate * seconds)):
        yield number / rate


def poisson(rate: float, seconds: float, random: Random) -> Iterator[float]:
    """Yield due times of a Poisson process in seconds from the start, on average `rate` per second."""
    due = random.expovariate(rate)
    while due < seconds:
        yield due
        due += random.expovariate(rate)
