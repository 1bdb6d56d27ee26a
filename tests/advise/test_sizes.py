"""Tests of sizes and cost: they grow with the load for any needs."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.advise.candidates import built_in_candidates
from blueprint.advise.capacity import plan_for
from blueprint.advise.capacity_plan import CapacityPlan, Demand
from blueprint.advise.cost import COST_LEVELS, bill
from blueprint.advise.prices import CLOUDS, default_prices
from blueprint.needs.answers import complete
from blueprint.needs.model import Needs

from .needs import any_needs

SHAPES = [candidate.shape for candidate in built_in_candidates()]


def plan(shape_index: int, **answers: Any) -> CapacityPlan:
    """Return the capacity plan of one of the built-in shapes."""
    return plan_for(SHAPES[shape_index], Demand.of(complete(answers)))


@given(any_needs(), st.floats(1, 20), st.sampled_from(SHAPES))
def test_more_peak_traffic_never_needs_fewer_replicas(needs: Needs, factor: float, shape: Any) -> None:
    """With more peak traffic, no service has fewer replicas at the peak or a lower autoscaler maximum."""
    more = needs.change({"peak_rps": needs.peak_rps * factor})
    before, after = plan_for(shape, Demand.of(needs)), plan_for(shape, Demand.of(more))
    for less, greater in zip(before.services, after.services, strict=True):
        assert less.replicas_at_peak <= greater.replicas_at_peak
        assert less.max_replicas <= greater.max_replicas


@given(
    any_needs(),
    st.floats(1, 20),
    st.sampled_from(SHAPES),
    st.sampled_from(CLOUDS),
    st.sampled_from(COST_LEVELS),
)
def test_cost_is_monotone_in_load(needs: Needs, factor: float, shape: Any, cloud: str, level: str) -> None:
    """More traffic never lowers the monthly cost."""
    rates = {"mean_rps": needs.mean_rps * factor, "peak_rps": needs.peak_rps * factor}
    demands = Demand.of(needs), Demand.of(needs.change(rates))
    less, more = (
        bill(plan_for(shape, demand), demand, default_prices(), cloud, level).total for demand in demands
    )
    assert less <= more * (1 + 1e-12)


@given(any_needs(), st.sampled_from(SHAPES))
def test_bounds_are_in_order(needs: Needs, shape: Any) -> None:
    """There are at least two replicas, the maximum exceeds the peak, and low <= base <= high."""
    demand = Demand.of(needs)
    made = plan_for(shape, demand)
    for service in made.services:
        assert 2 <= service.replicas <= service.replicas_at_peak < service.max_replicas
    low, base, high = (bill(made, demand, default_prices(), "aws", level).total for level in COST_LEVELS)
    assert 0 < low <= base <= high


def test_four_nines_get_three_replicas() -> None:
    """An availability target of 99.99% gives three replicas even with little traffic."""
    assert plan(0, mean_rps=1, peak_rps=1, availability=99.9).services[0].replicas == 2
    assert plan(0, mean_rps=1, peak_rps=1, availability=99.99).services[0].replicas == 3


def test_a_tight_latency_target_needs_more_slots_than_utilization() -> None:
    """With a tight latency target, worker slots are added until the wait is short enough."""
    relaxed, tight = (plan(0, peak_rps=400, p95_ms=target).services[0] for target in (300, 46))
    assert relaxed.slots_peak < tight.slots_peak
    assert tight.wait_p95_ms < relaxed.wait_p95_ms


def test_strong_reads_stay_on_the_primary() -> None:
    """Only flows that may lag read from replicas; strong reads need shards instead."""
    flow = {"name": "browse", "kind": "read", "modules": ["catalog"]}
    busy = {"mean_rps": 100_000, "peak_rps": 100_000, "catalogue_skew": 0}
    lagging = plan(0, **busy, flows=[{**flow, "level": "eventual"}]).databases[0]
    strong = plan(0, **busy, flows=[{**flow, "level": "strong"}]).databases[0]
    assert lagging.read_replicas > 0
    assert strong.read_replicas == 0
    assert strong.shards > lagging.shards


def test_a_cache_needs_skew_and_reads() -> None:
    """With uniform access or many writes there is no cache."""
    assert plan(0).cache is not None
    assert plan(0, catalogue_skew=0).cache is None
    assert plan(0, read_fraction=0.5).cache is None


def test_a_cache_is_taken_only_if_it_saves_more_than_it_costs() -> None:
    """A cache does not pay off while the database has the smallest size."""
    for peak, taken in ((150, False), (1500, True)):
        demand = Demand.of(complete({"peak_rps": peak}))
        assert bill(plan_for(SHAPES[0], demand), demand, default_prices(), "aws").cached is taken


@pytest.mark.parametrize(("events", "broker"), [(4_999, False), (5_000, True)])
def test_gate_g6_adds_a_log_broker_from_five_thousand_events(events: float, broker: bool) -> None:
    """From 5,000 events/s, even a monolith gets a log broker."""
    assert (plan(0, events_per_s=events).broker is not None) is broker


def test_a_measured_service_time_replaces_the_default() -> None:
    """Half the service time means less work; measuring the default of 8 ms changes nothing."""
    usual, same, fast = (plan(0, peak_rps=1000, service_ms=ms) for ms in (None, 8, 4))
    assert usual == same
    assert fast.services[0].service_ms == usual.services[0].service_ms / 2
    assert fast.services[0].slots_peak < usual.services[0].slots_peak
    assert fast.p95_ms < usual.p95_ms


def test_with_a_broker_events_do_not_load_the_edge() -> None:
    """With a broker, more events change the workers but not the edge."""
    few, many = (plan(2, events_per_s=events).services for events in (10, 4_000))
    assert few[0] == many[0]
    assert few[1].slots_peak < many[1].slots_peak


def test_a_chain_is_slower_and_less_available_than_one_process() -> None:
    """A chain has a higher p95 and a lower availability; a broker delays the settled state."""
    monolith, services, events = (plan(index) for index in range(3))
    assert services.p95_ms > monolith.p95_ms
    assert services.availability < monolith.availability
    assert events.settled_ms > events.p95_ms


@pytest.mark.parametrize("shape", SHAPES)
def test_replicas_and_cost_rise_step_by_step(shape: Any) -> None:
    """Replicas and cost never fall in steps of three percent, where every rounding is visible."""
    before: tuple[float, ...] | None = None
    for step in range(250):
        peak = 10 * 1.03**step
        demand = Demand.of(complete({"mean_rps": peak / 6, "peak_rps": peak}))
        made = plan_for(shape, demand)
        replicas = [float(n) for s in made.services for n in (s.replicas, s.max_replicas)]
        now = (*replicas, bill(made, demand, default_prices(), "aws").total)
        assert before is None or all(less <= more for less, more in zip(before, now, strict=True))
        before = now
