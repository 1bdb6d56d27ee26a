"""Tests of the queueing formulas against published values and a simulation."""

import heapq
import math
from collections.abc import Mapping
from random import Random

import pytest

from blueprint.advise.queueing import in_flight, quantile_of_sum, sharing_delay

MIX = {1.5: 0.9, 12.0: 0.1}
"""Shares of the requests by their CPU time in ms: reads of a product, and orders."""


def simulated_delays(utilization: float) -> Mapping[float, list[float]]:
    """Return the delays in ms by CPU time of a process that divides its time equally among its requests."""
    random = Random(20261128)  # noqa: S311
    rate = utilization / sum(work * share for work, share in MIX.items())
    delays: dict[float, list[float]] = {work: [] for work in MIX}
    now = served = 0.0
    requests = 60_000
    arrival = random.expovariate(rate)
    active: list[tuple[float, float, float]] = []
    while requests:
        departure = now + (active[0][0] - served) * len(active) if active else math.inf
        if departure <= arrival:
            now, served = departure, active[0][0]
            _, start, work = heapq.heappop(active)
            delays[work].append(now - start - work)
            requests -= 1
            continue
        served += (arrival - now) / len(active) if active else 0.0
        now = arrival
        (work,) = random.choices(list(MIX), list(MIX.values()))
        heapq.heappush(active, (served + work, now, work))
        arrival = now + random.expovariate(rate)
    return delays


def test_littles_law() -> None:
    """Requests in the system are the product of rate and time."""
    assert in_flight(100, 0.2) == pytest.approx(20)


@pytest.mark.parametrize("utilization", [0.3, 0.6])
def test_delays_agree_with_a_simulation(utilization: float) -> None:
    """The mean delay is that of a simulation, and the p95 of the whole time is within 25%."""
    for work, delays in simulated_delays(utilization).items():
        mean = sharing_delay(work, utilization)
        assert mean == pytest.approx(sum(delays) / len(delays), rel=0.08)
        p95 = work + sorted(delays)[int(0.95 * len(delays))]
        assert work + quantile_of_sum([mean], 0.95) == pytest.approx(p95, rel=0.25)


def test_an_overloaded_process_is_never_done() -> None:
    """From a utilization of 1, the delay is infinite."""
    assert sharing_delay(1.0, 1.0) == math.inf
    assert sharing_delay(0.0, 0.5) == 0


@pytest.mark.parametrize("share", [0.5, 0.95, 0.99])
@pytest.mark.parametrize("means", [[4.0], [1.0, 1.0, 1.0], [9.0, 3.0, 1.0]])
def test_the_quantile_of_a_sum_agrees_with_a_simulation(means: list[float], share: float) -> None:
    """The quantile of a sum of exponential delays is within a few percent of a simulated one."""
    random = Random(7)  # noqa: S311
    sums = sorted(sum(random.expovariate(1 / mean) for mean in means) for _ in range(50_000))
    assert quantile_of_sum(means, share) == pytest.approx(sums[int(share * len(sums))], rel=0.06)


def test_a_sum_with_an_infinite_delay_is_infinite() -> None:
    """One overloaded process makes the sum infinite; without delays the sum is 0."""
    assert quantile_of_sum([1.0, math.inf], 0.95) == math.inf
    assert quantile_of_sum([0.0, 0.0], 0.95) == 0
