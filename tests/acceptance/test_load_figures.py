"""Arithmetic of the load client: percentiles and due times."""

from __future__ import annotations

import itertools
from random import Random

import pytest
from acceptance.load.arrivals import constant, poisson
from acceptance.load.figures import Figures, Latency, percentile
from acceptance.load.report import ClientSide, summary
from hypothesis import given
from hypothesis import strategies as st

FINITE = st.floats(0, 1e6, allow_nan=False)


@given(st.lists(FINITE, min_size=1, max_size=200), st.floats(0.1, 100))
def test_percentile_is_the_nearest_rank(values: list[float], percent: float) -> None:
    """The percentile is the smallest value that at least `percent` % of the values do not exceed."""
    ascending = sorted(values)
    found = percentile(ascending, percent)
    needed = percent / 100 * len(values)
    assert sum(value <= found for value in values) >= needed - 1e-9
    smaller = [value for value in ascending if value < found]
    assert len(smaller) < needed


def test_latency_statistics_are_in_milliseconds() -> None:
    """Durations of 1 to 100 ms give the statistics in milliseconds."""
    latency = Latency.of([number / 1000 for number in range(100, 0, -1)])
    assert latency is not None
    assert latency.mean == pytest.approx(50.5)
    assert latency == Latency(100, latency.mean, 50.0, 95.0, 99.0, 100.0)
    assert Latency.of([]) is None


def test_constant_arrivals_are_evenly_spaced() -> None:
    """A rate of 200 per second for 3 s gives 600 due times, 5 ms apart."""
    due = list(constant(200, 3))
    assert len(due) == 600
    assert {round(late - early, 9) for early, late in itertools.pairwise(due)} == {0.005}
    assert due[0] == 0


def test_poisson_arrivals_have_the_rate_and_the_spread() -> None:
    """Gaps of Poisson arrivals are exponential: mean and standard deviation are 1 / rate."""
    due = list(poisson(1000, 20, Random(7)))  # noqa: S311
    gaps = [late - early for early, late in itertools.pairwise(due)]
    mean = sum(gaps) / len(gaps)
    deviation = (sum((gap - mean) ** 2 for gap in gaps) / len(gaps)) ** 0.5
    assert mean == pytest.approx(0.001, rel=0.03)
    assert deviation == pytest.approx(0.001, rel=0.05)
    assert due == sorted(due)
    assert due[-1] < 20


def test_failures_are_counted_apart_from_latencies() -> None:
    """A failed request has no latency, and failed idempotent requests are also counted separately."""
    figures = Figures(scheduled=4)
    figures.answered("browse", 0.010)
    figures.failed("browse", "cut", idempotent=True)
    figures.failed("order", "503", idempotent=False)
    figures.failed("order", "503", idempotent=False)
    result = summary(figures, ClientSide(elapsed=2, cpu=0.2, waited=0, connections=1, unknown=1))
    assert (result["answered"], result["failed"], result["failed_idempotent"]) == (1, 3, 1)
    assert result["errors"] == {"browse": {"cut": 1}, "order": {"503": 2}}
    assert result["operations"]["browse"]["mean"] == 10.0
    assert result["operations"]["order"] == {"count": 0, "failed": 2}
    assert result["answered_per_second"] == 0.5


@pytest.mark.parametrize(
    ("lag", "cpu", "limited"), [(0.001, 0.5, False), (0.05, 0.5, True), (0.001, 1.95, True)]
)
def test_client_reports_when_it_was_the_bottleneck(lag: float, cpu: float, limited: bool) -> None:
    """The report warns if the client sent late or used a whole core."""
    figures = Figures()
    figures.lag.extend([lag] * 10)
    result = summary(figures, ClientSide(elapsed=2, cpu=cpu, waited=0, connections=1, unknown=0))
    assert (result["client"]["limit"] is not None) == limited
