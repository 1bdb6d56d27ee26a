"""Tests of sizes: they grow with the load for any needs."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.advise.candidates import built_in_candidates
from blueprint.advise.capacity import plan_for
from blueprint.advise.capacity_plan import CapacityPlan, Demand
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


@given(any_needs(), st.sampled_from(SHAPES))
def test_bounds_are_in_order(needs: Needs, shape: Any) -> None:
    """There are at least two replicas, and the maximum exceeds the peak."""
    made = plan_for(shape, Demand.of(needs))
    for service in made.services:
        assert 2 <= service.replicas <= service.replicas_at_peak < service.max_replicas


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
