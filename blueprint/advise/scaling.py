"""Scaling formulas: shared databases, replicas, fan-out, partitions."""

import math


def usl(size: float, one: float, contention: float, coherency: float) -> float:
    """Return the throughput of `size` processors that share data if one alone does `one` per second.

    Universal Scalability Law (Gunther, 1993): X(n) = X1 n / (1 + a (n - 1) + b n (n - 1)).
    """
    return one * size / (1 + contention * (size - 1) + coherency * size * (size - 1))


def usl_peak(contention: float, coherency: float) -> float:
    """Return the number of processors with the highest throughput: sqrt((1 - a) / b)."""
    return math.sqrt((1 - contention) / coherency)


def replicas_for(target: float, single: float) -> int:
    """Return how many replicas, each available for the share `single`, reach the share `target`.

    The formula is ceil(ln(1 - target) / ln(1 - single)).
    """
    if target <= single:
        return 1
    return math.ceil(round(math.log(1 - target) / math.log(1 - single), 9))


def replicated(single: float, replicas: int, ceiling: float) -> float:
    """Return the availability of replicas that fail independently, limited by `ceiling` for common causes."""
    return min(ceiling, 1 - (1 - single) ** replicas)


def tail_at_fan_out(share: float, calls: int) -> float:
    """Return the probability that any of `calls` exceeds the `share` quantile (Dean and Barroso, 2013)."""
    return 1 - share**calls


def partitions(
    rate: float, per_partition: float, handling: float, utilization: float, headroom: float
) -> int:
    """Return the Kafka partitions for `rate` events/s if one consumer takes `handling` seconds per event."""
    return max(1, math.ceil(round(headroom * max(rate / per_partition, rate * handling / utilization), 9)))
