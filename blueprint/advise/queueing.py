"""Queueing formulas: Little's law and processor sharing. Rates are per second; times in any one unit."""

import math
from collections.abc import Sequence

NORMAL_QUANTILES = {0.5: 0.0, 0.95: 1.6449, 0.99: 2.3263}


def in_flight(rate: float, time: float) -> float:
    """Return the requests in the system at once, by Little's law (1961): L = lambda * W."""
    return rate * time


def sharing_delay(work: float, utilization: float) -> float:
    """Return the mean delay of a request with this CPU time in a process that takes turns; infinite from 1.

    Processor sharing (Kleinrock, 1967): work / (1 - rho) on average, whatever the works of the others are.
    An event loop takes turns, because each request gives way whenever it waits for a database or a service.
    """
    return work * utilization / (1 - utilization) if utilization < 1 else math.inf


def quantile_of_sum(means: Sequence[float], share: float) -> float:
    """Return the median, p95 or p99 (`share`) of a sum of independent exponential delays with these means.

    A gamma distribution with the mean and the variance of the sum, by the approximation of Wilson and
    Hilferty (1931); a single delay is exponential itself.
    """
    mean, variance = sum(means), sum(each * each for each in means)
    if mean in (0.0, math.inf):
        return mean
    ninth = variance / (9 * mean * mean)
    return float(mean * (1 - ninth + NORMAL_QUANTILES[share] * math.sqrt(ninth)) ** 3)
