"""Estimates with 95 % intervals."""

import math
from collections.abc import Sequence
from statistics import fmean, stdev

Z = 1.96
"""Standard errors on either side of an estimate that cover 95 % of a normal distribution."""


def mean_interval(batches: Sequence[float]) -> tuple[float, float]:
    """Return the interval of the mean of a series, from the means of batches of equal length.

    Batches of a long enough time are almost independent, though neighboring values are not (Law & Kelton,
    Simulation Modeling and Analysis, chapter 9). A single batch says nothing about its error.
    """
    mean = fmean(batches)
    error = Z * stdev(batches) / math.sqrt(len(batches)) if len(batches) > 1 else 0.0
    return max(0.0, mean - error), mean + error


def count_interval(count: float) -> tuple[float, float]:
    """Return the interval of the expected value behind a Poisson count."""
    error = Z * math.sqrt(count)
    return max(0.0, count - error), count + error


def share_interval(part: float, whole: float) -> tuple[float, float]:
    """Return the interval of a share (Wilson 1927)."""
    share, z2 = part / whole, Z * Z
    center = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    error = Z / (1 + z2 / whole) * math.sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole))
    return max(0.0, center - error), min(1.0, center + error)


def ratio_interval(part: float, other: float) -> tuple[float, float]:
    """Return the interval of the ratio of two positive Poisson counts, on the scale of logarithms."""
    ratio, error = part / other, Z * math.sqrt(1 / part + 1 / other)
    return ratio * math.exp(-error), ratio * math.exp(error)
