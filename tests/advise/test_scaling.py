"""How components scale, against values worked out by hand."""

import pytest

from blueprint.advise.scaling import partitions, replicas_for, replicated, tail_at_fan_out, usl, usl_peak


def test_five_parts_in_a_row() -> None:
    """Five at 99.9 % give 99.50 %."""
    assert replicated(0.999, 1, 1.0) ** 5 == pytest.approx(0.9950, abs=5e-5)


@pytest.mark.parametrize(
    ("target", "single", "copies"), [(0.99, 0.99, 1), (0.9999, 0.99, 2), (0.99991, 0.99, 3), (0.5, 0.9, 1)]
)
def test_replicas_for_availability(target: float, single: float, copies: int) -> None:
    """The fewest that reach the target."""
    assert replicas_for(target, single) == copies
    assert replicated(single, copies, 1.0) >= target - 1e-12
    assert copies == 1 or replicated(single, copies - 1, 1.0) < target


def test_a_ceiling_that_no_replica_lifts() -> None:
    """What fails all copies together."""
    assert replicated(0.99, 9, 0.9995) == 0.9995


def test_the_database_slows_down_beyond_its_peak() -> None:
    """One processor does what one does; the maximum is at sqrt((1 - a) / b)."""
    peak = usl_peak(0.03, 1e-4)
    assert peak == pytest.approx(98.5, abs=0.05)
    assert usl(1, 1000, 0.03, 1e-4) == 1000
    best = usl(peak, 1000, 0.03, 1e-4)
    assert best > usl(peak - 5, 1000, 0.03, 1e-4)
    assert best > usl(peak + 5, 1000, 0.03, 1e-4)


def test_the_tail_at_scale() -> None:
    """A hundred calls at one per cent: 63 % of the requests meet a slow one (Dean and Barroso)."""
    assert tail_at_fan_out(0.99, 100) == pytest.approx(0.634, abs=5e-4)


@pytest.mark.parametrize(("rate", "expected"), [(0, 1), (6_000, 100), (100, 2)])
def test_partitions(rate: float, expected: int) -> None:
    """Two times the larger of what the broker and what the consumer needs."""
    assert partitions(rate, 10_000, 0.005, 0.6, 2) == expected


def test_a_fast_consumer_is_limited_by_the_partition() -> None:
    """6M events/s at 10k/s and twice the headroom."""
    assert partitions(6_000_000, 10_000, 1e-6, 0.6, 2) == 1200
