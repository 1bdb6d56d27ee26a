"""Tests of the scaling formulas against values computed by hand."""

import pytest

from blueprint.advise.scaling import partitions, replicas_for, replicated, tail_at_fan_out, usl, usl_peak


def test_availabilities_of_serial_parts_multiply() -> None:
    """Five serial parts with 99.9% each have 99.50%."""
    assert replicated(0.999, 1, 1.0) ** 5 == pytest.approx(0.9950, abs=5e-5)


@pytest.mark.parametrize(
    ("target", "single", "copies"), [(0.99, 0.99, 1), (0.9999, 0.99, 2), (0.99991, 0.99, 3), (0.5, 0.9, 1)]
)
def test_replicas_for_availability(target: float, single: float, copies: int) -> None:
    """The replicas reach the target, and one fewer would not."""
    assert replicas_for(target, single) == copies
    assert replicated(single, copies, 1.0) >= target - 1e-12
    assert copies == 1 or replicated(single, copies - 1, 1.0) < target


def test_common_causes_limit_the_availability() -> None:
    """No number of replicas exceeds the ceiling for common causes."""
    assert replicated(0.99, 9, 0.9995) == 0.9995


def test_the_database_slows_down_beyond_its_peak() -> None:
    """The throughput is highest at sqrt((1 - a) / b) processors and falls beyond."""
    peak = usl_peak(0.03, 1e-4)
    assert peak == pytest.approx(98.5, abs=0.05)
    assert usl(1, 1000, 0.03, 1e-4) == 1000
    best = usl(peak, 1000, 0.03, 1e-4)
    assert best > usl(peak - 5, 1000, 0.03, 1e-4)
    assert best > usl(peak + 5, 1000, 0.03, 1e-4)


def test_fan_out_amplifies_the_tail() -> None:
    """With one percent slow calls, 63% of requests with 100 calls meet a slow one (Dean, Barroso)."""
    assert tail_at_fan_out(0.99, 100) == pytest.approx(0.634, abs=5e-4)


@pytest.mark.parametrize(("rate", "expected"), [(0, 1), (6_000, 100), (100, 2)])
def test_partitions_follow_from_the_slower_of_broker_and_consumer(rate: float, expected: int) -> None:
    """The number of partitions is twice the larger of what the broker and the consumer need."""
    assert partitions(rate, 10_000, 0.005, 0.6, 2) == expected


def test_a_fast_consumer_is_limited_by_the_partition() -> None:
    """A fast consumer of 6M events/s needs 1,200 partitions of 10k/s with a headroom of 2."""
    assert partitions(6_000_000, 10_000, 1e-6, 0.6, 2) == 1200
