"""Tests of sizes: they grow with the load for any needs."""

from ast import literal_eval
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.advise.candidates import EVENT_DRIVEN_WITHOUT_API, built_in_candidates
from blueprint.advise.capacity import plan_for
from blueprint.advise.capacity_plan import CapacityPlan, Demand
from blueprint.advise.decide import Model
from blueprint.advise.profiles import default_profiles
from blueprint.advise.ranges import likely_range
from blueprint.advise.recommend import model_with, recommend
from blueprint.advise.request_mix import write_mix
from blueprint.advise.sensitivity import latency_curves
from blueprint.needs.answers import complete
from blueprint.needs.model import Needs
from blueprint.patterns import find_pattern

from .needs import any_needs

SHAPES = [candidate.shape for candidate in built_in_candidates()]


def plan(shape_index: int, **answers: Any) -> CapacityPlan:
    """Return the capacity plan of one of the built-in shapes."""
    return plan_for(SHAPES[shape_index], Demand.of(complete(answers)))


@given(any_needs(), st.floats(1, 20), st.sampled_from(SHAPES))
def test_more_peak_traffic_never_needs_fewer_cores(needs: Needs, factor: float, shape: Any) -> None:
    """With more peak traffic, no service gets fewer cores at the peak or at the autoscaler's maximum."""
    more = needs.change({"peak_rps": needs.peak_rps * factor})
    before, after = plan_for(shape, Demand.of(needs)), plan_for(shape, Demand.of(more))
    for less, greater in zip(before.services, after.services, strict=True):
        assert (
            less.replicas_at_peak * before.cpu_millicores <= greater.replicas_at_peak * after.cpu_millicores
        )
        assert less.max_replicas * before.cpu_millicores <= greater.max_replicas * after.cpu_millicores


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


@given(any_needs(), st.floats(1, 60_000), st.sampled_from(SHAPES))
def test_the_target_does_not_change_the_estimate(needs: Needs, target: float, shape: Any) -> None:
    """The p95 and the sizes are the same whatever latency target was asked for."""
    asked = needs.change({"p95_ms": target})
    assert plan_for(shape, Demand.of(needs)) == plan_for(shape, Demand.of(asked))


@given(any_needs(), st.floats(1, 20), st.sampled_from(SHAPES))
def test_latency_is_monotone_in_load(needs: Needs, factor: float, shape: Any) -> None:
    """More traffic in the same proportions never lowers a p95."""
    rates = {"mean_rps": needs.mean_rps * factor, "peak_rps": needs.peak_rps * factor}
    less, more = (plan_for(shape, Demand.of(each)) for each in (needs, needs.change(rates)))
    assert less.answer_ms <= more.answer_ms * (1 + 1e-9)
    assert less.settled_ms <= more.settled_ms * (1 + 1e-9)


def test_a_strong_flow_needs_its_end() -> None:
    """The p95 of a strong flow is that of its end, otherwise that of its answer."""
    flow = {"name": "place order", "kind": "write", "modules": ["orders", "inventory", "payments"]}
    for index in (1, 2):
        answered, ended = (plan(index, flows=[{**flow, "level": level}]) for level in ("eventual", "strong"))
        assert answered.p95_ms == answered.answer_ms < ended.settled_ms == ended.p95_ms


def test_the_patterns_are_in_the_measured_order() -> None:
    """An order ends first in a monolith, then in microservices, then in event-driven services."""
    monolith, services, events = (plan(index).settled_ms for index in range(3))
    assert monolith < services < events


@pytest.mark.parametrize("modules", [["cart"], ["orders", "inventory", "payments"], list("abcdefghi")])
def test_a_p95_is_a_number_at_any_load(modules: list[str]) -> None:
    """Up to twice the peak, each p95 is positive, and rises until it is infinite."""
    flow = {"name": "write", "kind": "write", "level": "strong", "modules": modules}
    needs = complete({"flows": [flow], "mean_rps": 9_000, "peak_rps": 90_000})
    for model in (model_with(), _with_busy_carts()):
        for curve in latency_curves(needs, model).values():
            assert all(0 < low <= high for low, high in pairwise(curve.y))


def _with_busy_carts() -> Model:
    """Return a model in which a change of a cart takes most of the time, and an order little more."""
    usual = default_profiles()
    cheap = {name: {**p.cpu_ms, "order": {"orders": 1.0, "app": 1.0}} for name, p in usual.items()}
    return model_with(measured={name: replace(p, cpu_ms=cheap[name]) for name, p in usual.items()})


@pytest.mark.parametrize("several", [0.0, 0.2])
def test_workers_are_those_of_the_generated_project(several: float) -> None:
    """The services with workers follow from pattern.yaml; both kinds of processes have the same bounds."""
    pattern = find_pattern("event-driven")
    groups = pattern.values["groups"].removesuffix(" if sells else []")
    names = {*literal_eval(groups)} - {*EVENT_DRIVEN_WITHOUT_API}
    flows = [
        {"name": "f", "level": "eventual", "modules": modules, "share": share}
        for modules, share in ((["orders", "payments"], several), (["cart"], 0.2))
    ]
    services = plan(2, mean_rps=3_000, peak_rps=9_000, flows=flows).services
    assert {service.name for service in services if service.workers} == names
    for service in services:
        assert service.workers in (0, service.replicas)
        assert service.workers <= service.workers_at_peak < service.max_replicas


def test_a_topic_has_a_partition_for_each_worker() -> None:
    """Many orders need many workers, and a worker without a partition would be idle."""
    flow = {"name": "order", "level": "eventual", "modules": ["orders", "payments"], "share": 1.0}
    busy = plan(2, mean_rps=20_000, peak_rps=20_000, flows=[flow])
    workers = max(service.workers_at_peak for service in busy.services)
    assert busy.broker
    assert busy.broker.partitions >= workers > 20


def test_writes_of_several_modules_cost_as_much_as_orders() -> None:
    """The shares of the flows decide how much CPU time a write needs."""
    orders, carts = (
        plan(0, flows=[{"name": "f", "level": "eventual", "modules": modules, "share": 1.0}]).services[0]
        for modules in (["orders", "payments"], ["cart"])
    )
    order, cart = (default_profiles()["monolith"].cpu_of(kind, ("app",)) for kind in ("order", "cart"))
    logins = write_mix(None)["login"]
    assert orders.cpu_ms - carts.cpu_ms == pytest.approx((1 - logins) * (order - cart))


def test_logins_count() -> None:
    """The service that checks passwords is sized for it, although few requests are logins."""
    services = {service.name: service for service in plan(1, peak_rps=1000).services}
    assert services["identity"].cores_peak > services["payments"].cores_peak


def test_strong_reads_stay_on_the_primary() -> None:
    """Only flows that may lag read from replicas; strong reads need shards instead."""
    flow = {"name": "browse", "kind": "read", "modules": ["catalog"]}
    busy = {"mean_rps": 1_000_000, "peak_rps": 1_000_000, "catalogue_skew": 0}
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
    """A service time scales everything that was measured: half of it means half the CPU time."""
    slow, fast = (plan(0, peak_rps=1000, service_ms=ms) for ms in (8, 4))
    assert fast.services[0].cpu_ms == pytest.approx(slow.services[0].cpu_ms / 2)
    assert fast.services[0].cores_peak < slow.services[0].cores_peak
    assert fast.p95_ms < slow.p95_ms


def test_with_a_broker_only_the_last_service_consumes_events() -> None:
    """With a broker, more events change the last service and no other."""
    few, many = ([s.cores_peak for s in plan(2, events_per_s=events).services] for events in (10, 4_000))
    assert few[:-1] == many[:-1]
    assert few[-1] < many[-1]


def test_20_000_events_a_second_need_the_fewest_partitions() -> None:
    """One partition was measured to carry 20,000 events/s, so the minimum of three is enough."""
    broker = plan(2, events_per_s=20_000, workload="streaming").broker
    assert broker is not None
    assert broker.partitions == 3


def test_a_chain_is_less_available_than_one_process() -> None:
    """A chain of services has a lower availability than one process."""
    assert plan(1).availability < plan(0).availability


@pytest.mark.parametrize("shape", SHAPES)
def test_cores_rise_step_by_step(shape: Any) -> None:
    """Cores never fall in steps of three percent, where every rounding is visible."""
    before: tuple[float, ...] | None = None
    for step in range(250):
        peak = 10 * 1.03**step
        demand = Demand.of(complete({"mean_rps": peak / 6, "peak_rps": peak}))
        made = plan_for(shape, demand)
        replicas = [
            float(n * made.cpu_millicores) for s in made.services for n in (s.replicas, s.max_replicas)
        ]
        now = tuple(replicas)
        assert before is None or all(less <= more for less, more in zip(before, now, strict=True))
        before = now


def test_a_p95_is_a_range() -> None:
    """Reports show the bounds of a p95, which are nearer to each other if the latencies were measured."""
    assumed, measured = (
        recommend(complete(answers), model_with(), today=date(2026, 11, 29)).estimates["monolith"]
        for answers in ({}, {"service_ms": 8.0})
    )
    for estimate, factor in ((assumed, 1.57), (measured, 1.21)):
        low, high = likely_range(estimate.p95_ms, estimate.latency_sd)
        assert high / estimate.p95_ms == pytest.approx(estimate.p95_ms / low) == pytest.approx(factor, 0.01)
