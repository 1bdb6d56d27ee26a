"""How components scale: shared databases, replicas, fan-out, partitions."""

import math


def usl(size: float, one: float, contention: float, coherency: float) -> float:
    """Throughput of `size` processors sharing one database when one alone does `one` per second.

    Universal Scalability Law (Gunther, 1993): X(n) = X1 n / (1 + a (n - 1) + b n (n - 1)).
    """
    return one * size / (1 + contention * (size - 1) + coherency * size * (size - 1))


def usl_peak(contention: float, coherency: float) -> float:
    """The size beyond which more makes it slower: sqrt((1 - a) / b)."""
    return math.sqrt((1 - contention) / coherency)


def replicas_for(target: float, single: float) -> int:
    """How many replicas, each up for the share `single`, reach `target`: ceil(ln(1-A) / ln(1-a))."""
    if target <= single:
        return 1
    return math.ceil(round(math.log(1 - target) / math.log(1 - single), 9))


def replicated(single: float, replicas: int, ceiling: float) -> float:
    """Availability of replicas that fail apart, limited by what fails them together."""
    return min(ceiling, 1 - (1 - single) ** replicas)


def tail_at_fan_out(share: float, calls: int) -> float:
    """Chance that one of several parallel calls is slower than the `share` quantile (Dean, Barroso 2013)."""
    return 1 - share**calls


def partitions(
    rate: float, per_partition: float, handling: float, utilisation: float, headroom: float
) -> int:
    """Kafka partitions for `rate` events/s when handling one takes `handling` seconds in one consumer."""
    return max(1, math.ceil(round(headroom * max(rate / per_partition, rate * handling / utilisation), 9)))
