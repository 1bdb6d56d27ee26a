"""Hit rate of an LRU cache under Zipf demand: Che's approximation (Che, Tung, Wang, 2002)."""

import math
from functools import lru_cache

EXACT_RANKS = 64
BIN_GROWTH = 1.1
BISECTIONS = 26


@lru_cache(maxsize=256)
def hit_rate(items: int, cached: int, skew: float) -> float:
    """Return the share of reads that hit a cache of `cached` out of `items`, with demand ~ rank^-skew.

    Solves sum(1 - exp(-p_i t)) = cached for the characteristic time t; then h = sum p_i (1 - exp(-p_i t)).
    """
    if cached >= items:
        return 1.0
    if cached <= 0:
        return 0.0
    demand = _demand(items, skew)
    # Bisect on a logarithmic scale: t spans from one read to many reads of the least popular item.
    low, high = 0.0, math.log(64 / demand[-1][1])
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if _expected_items(demand, math.exp(middle)) < cached:
            low = middle
        else:
            high = middle
    time = math.exp(high)
    return sum(count * p * -math.expm1(-p * time) for count, p in demand)


def _expected_items(demand: list[tuple[float, float]], time: float) -> float:
    """Return how many distinct items are read within `time`, in expectation."""
    return sum(count * -math.expm1(-p * time) for count, p in demand)


def _demand(items: int, skew: float) -> list[tuple[float, float]]:
    """Return (number of items, probability of each): single ranks first, then bins of growing width."""
    bins: list[tuple[float, float]] = []
    rank = 1
    while rank <= items:
        width = 1 if rank <= EXACT_RANKS else max(1, int(rank * (BIN_GROWTH - 1)))
        width = min(width, items - rank + 1)
        bins.append((width, (rank + (width - 1) / 2) ** -skew))
        rank += width
    total = sum(count * weight for count, weight in bins)
    return [(count, weight / total) for count, weight in bins]
