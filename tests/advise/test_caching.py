"""Tests of Che's approximation against published figures and a simulated LRU cache."""

import random
from bisect import bisect
from collections import OrderedDict
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.advise.caching import hit_rate


@pytest.mark.parametrize(("skew", "expected"), [(0.64, 0.28), (0.8, 0.45), (1.0, 0.70), (0.0, 0.10)])
def test_hit_rates_of_a_tenth_of_the_catalog(skew: float, expected: float) -> None:
    """A cache for a tenth of the default catalog has the hit rates in the documentation."""
    assert hit_rate(20_000, 2_000, skew) == pytest.approx(expected, abs=0.005)


def simulated(items: int, cached: int, skew: float, reads: int, seed: int) -> float:
    """Return the hit rate of a simulated LRU cache, counted after it has filled."""
    rng = random.Random(seed)  # noqa: S311 - a simulation
    cumulated = list(accumulate((rank + 1) ** -skew for rank in range(items)))
    cache: OrderedDict[int, None] = OrderedDict()
    hits = 0
    for read in range(2 * reads):
        item = bisect(cumulated, rng.random() * cumulated[-1])
        hits += item in cache and read >= reads
        cache[item] = None
        cache.move_to_end(item)
        if len(cache) > cached:
            cache.popitem(last=False)
    return hits / reads


@pytest.mark.parametrize(("cached", "skew"), [(200, 0.8), (100, 1.0), (500, 0.4)])
def test_che_is_within_half_a_point_of_a_simulated_lru(cached: int, skew: float) -> None:
    """The approximation differs from a seeded simulation by at most 0.005."""
    assert hit_rate(2_000, cached, skew) == pytest.approx(
        simulated(2_000, cached, skew, 200_000, 7), abs=0.005
    )


def test_the_hit_rate_at_the_limits() -> None:
    """The hit rate is right with nothing cached, everything cached, one item and a billion items."""
    assert hit_rate(100, 0, 1) == 0
    assert hit_rate(100, 100, 1) == 1
    assert hit_rate(1, 1, 0.8) == 1
    assert 0 < hit_rate(10**9, 10**8, 0.8) < 1


@given(st.integers(2, 10**7), st.floats(0.001, 0.999), st.floats(0, 2))
def test_more_memory_never_lowers_the_hit_rate(items: int, share: float, skew: float) -> None:
    """Doubling the memory never lowers the hit rate, which stays within 0..1."""
    small = max(1, int(items * share / 2))
    less, more = hit_rate(items, small, skew), hit_rate(items, min(items, 2 * small), skew)
    assert 0 <= less <= more + 1e-9 <= 1 + 2e-9
