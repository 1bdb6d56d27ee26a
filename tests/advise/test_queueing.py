"""Tests of the queueing formulas against published values and against a simulation."""

import heapq
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.advise.queueing import (
    NO_WAIT_SERVERS,
    NO_WAIT_UTILIZATION,
    erlang_b,
    erlang_c,
    in_flight,
    mean_wait,
    servers_for,
    servers_within,
    wait_quantile,
)


def test_erlang_c_has_its_published_value() -> None:
    """Erlang C of ten servers and eight Erlangs is 0.4092."""
    assert erlang_c(10, 8) == pytest.approx(0.4092, abs=5e-5)


def test_one_server_gives_the_mm1_formulas() -> None:
    """One server gives the M/M/1 formulas: C = rho, Wq = rho / (mu - lambda), B = a / (1 + a)."""
    assert erlang_c(1, 0.7) == pytest.approx(0.7)
    assert erlang_b(1, 0.7) == pytest.approx(0.7 / 1.7)
    assert mean_wait(1, 7, 0.1) == pytest.approx(0.7 / (10 - 7))


def simulated_waits(servers: int, rate: float, service: float, arrivals: int, seed: int) -> list[float]:
    """Return simulated waiting times in an M/M/c queue, first come first served."""
    rng = random.Random(seed)  # noqa: S311 - a simulation
    free = [0.0] * servers
    waits, now = [], 0.0
    for _ in range(arrivals):
        now += rng.expovariate(rate)
        start = max(now, heapq.heappop(free))
        heapq.heappush(free, start + rng.expovariate(1 / service))
        waits.append(start - now)
    return waits


@pytest.mark.parametrize(("servers", "rate"), [(4, 28.0), (10, 80.0)])
def test_the_formulas_agree_with_a_simulated_queue(servers: int, rate: float) -> None:
    """The share that waits, the mean wait and the p95 differ from a simulation by at most two percent."""
    waits = simulated_waits(servers, rate, 0.1, 600_000, seed=3)
    waiting = sum(wait > 0 for wait in waits) / len(waits)
    assert erlang_c(servers, rate * 0.1) == pytest.approx(waiting, rel=0.02)
    assert mean_wait(servers, rate, 0.1) == pytest.approx(sum(waits) / len(waits), rel=0.02)
    p95 = sorted(waits)[int(0.95 * len(waits))]
    assert wait_quantile(servers, rate, 0.1, 0.95) == pytest.approx(p95, rel=0.02)


def test_variation_scales_the_wait() -> None:
    """With constant service times and Poisson arrivals, the wait is half that of M/M/c."""
    assert mean_wait(4, 28, 0.1, 0.5) == pytest.approx(mean_wait(4, 28, 0.1) / 2)


def test_littles_law() -> None:
    """The article's first two claims both mean a hundred requests in flight."""
    assert in_flight(500, 0.2) == in_flight(1000, 0.1) == 100


def test_an_overloaded_queue_has_an_infinite_wait() -> None:
    """If the load exceeds the servers, the wait is infinite, not negative."""
    assert mean_wait(2, 20, 0.1) == math.inf
    assert wait_quantile(2, 30, 0.1, 0.95) == math.inf


def test_the_shortcut_for_many_servers_is_exact_enough() -> None:
    """At the limit of the shortcut, the exact value of Erlang C is below 1e-15."""
    load = NO_WAIT_SERVERS * NO_WAIT_UTILIZATION
    blocked = erlang_b(NO_WAIT_SERVERS, load)
    assert blocked / (1 - NO_WAIT_UTILIZATION * (1 - blocked)) < 1e-15
    assert erlang_c(NO_WAIT_SERVERS, load) == 0


@given(st.floats(0.01, 1e7), st.floats(0.001, 0.1), st.floats(0.0005, 1))
def test_no_more_servers_than_necessary(rate: float, service: float, wait: float) -> None:
    """The servers keep the utilization and the wait, and one server fewer would not."""
    servers = servers_within(rate, service, 0.6, wait, 0.95, 2.5)

    def fits(n: int) -> bool:
        return n >= servers_for(rate, service, 0.6) and wait_quantile(n, rate, service, 0.95, 2.5) <= wait

    assert fits(servers)
    assert servers == 1 or not fits(servers - 1)
