"""Tests of the monthly bill: what it contains on each cloud and host, and how it grows."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.advise.capacity_plan import Demand
from blueprint.advise.cost.bill import Bill
from blueprint.advise.cost.lines import COST_LEVELS
from blueprint.advise.hosting.choice import on_host
from blueprint.advise.prices import CLOUDS, default_prices
from blueprint.advise.providers import HOSTS
from blueprint.needs.answers import complete
from blueprint.needs.model import Needs

from .needs import any_needs, fixed_model

SHAPES = {candidate.name: candidate.shape for candidate in fixed_model().candidates}
MONOLITH, MICROSERVICES, EVENT_DRIVEN = SHAPES


def bill_of(needs: Needs, pattern: str, host: str, cloud: str = "aws", level: Any = "base") -> Bill:
    """Return the bill of a pattern on a host."""
    demand = Demand.of(needs)
    hosted = on_host(SHAPES[pattern], needs.change({"cloud": cloud}), demand, default_prices(), host)
    return hosted.bill(demand, default_prices(), cloud, level)


def line(bill: Bill, name: str) -> float:
    """Return the amount of a line in USD a month, 0 without that line."""
    return sum(line.usd for line in bill.lines if line.name == name)


@given(
    any_needs(),
    st.floats(1, 20),
    st.sampled_from(list(SHAPES)),
    st.sampled_from(CLOUDS),
    st.sampled_from(COST_LEVELS),
    st.sampled_from(["containers", "kubernetes"]),
)
def test_cost_is_monotone_in_load(
    needs: Needs, factor: float, pattern: str, cloud: str, level: str, host: str
) -> None:
    """More traffic never lowers the monthly cost."""
    more = needs.change({"mean_rps": needs.mean_rps * factor, "peak_rps": needs.peak_rps * factor})
    less, greater = (bill_of(n, pattern, host, cloud, level).total for n in (needs, more))
    assert less <= greater * (1 + 1e-9)


@pytest.mark.parametrize("pattern", SHAPES)
@pytest.mark.parametrize("host", ["containers", "kubernetes"])
def test_cost_rises_step_by_step(pattern: str, host: str) -> None:
    """Cost never falls in steps of three percent, where every rounding is visible."""
    before = 0.0
    for step in range(250):
        peak = 10 * 1.03**step
        now = bill_of(complete({"mean_rps": peak / 6, "peak_rps": peak}), pattern, host).total
        assert before <= now
        before = now


@given(any_needs(), st.sampled_from(list(SHAPES)), st.sampled_from(CLOUDS), st.sampled_from(HOSTS))
def test_levels_are_in_order(needs: Needs, pattern: str, cloud: str, host: str) -> None:
    """For any needs, cloud and host, the low estimate is at most the base, which is at most the high one."""
    low, base, high = (bill_of(needs, pattern, host, cloud, level) for level in COST_LEVELS)
    assert 0 < low.total <= base.total <= high.total
    assert sum(base.groups.values()) == pytest.approx(base.total)
    assert 0 <= base.unverified_share <= 1


def test_a_cache_is_taken_only_if_it_saves_more_than_it_costs() -> None:
    """A cache does not pay off while the database has the smallest size."""
    for peak, taken in ((150, False), (15_000, True)):
        assert bill_of(complete({"peak_rps": peak}), MONOLITH, "kubernetes").cached is taken


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_cloud_has_the_same_groups(cloud: str) -> None:
    """Managed services stand beside managed services: every cloud has a line for each part of the plan."""
    needs = complete({"peak_rps": 15_000, "workload": "streaming", "events_per_s": 5_000})
    bill = bill_of(needs, MONOLITH, "kubernetes", cloud)
    expected = {"compute", "database", "cache", "broker", "network", "operations"}
    assert set(bill.groups) == expected
    assert not any("self-managed" in line.product for line in bill.lines)


def test_the_network_is_on_the_bill() -> None:
    """NAT gateways, balancer units, logs and traffic between zones are lines of the bill of a cluster."""
    bill = bill_of(complete({}), MONOLITH, "kubernetes")
    assert line(bill, "NAT gateways") == pytest.approx(2 * 0.045 * 730)
    for name in ("balancer units", "logs", "between zones", "egress", "backups"):
        assert line(bill, name) > 0, name


def test_egress_gets_cheaper_by_tiers() -> None:
    """The first 100 GB are free on AWS, and large volumes have lower prices."""
    egress = default_prices().of("aws", "egress_gb")
    assert egress.of_quantity(100) == 0
    assert egress.of_quantity(1_100) == pytest.approx(90)
    assert egress.of_quantity(1_000_000) < 0.06 * 1_000_000


def test_a_content_delivery_network_pays_off_for_large_responses_only() -> None:
    """With small responses its price per request exceeds the saved egress; with large ones it does not."""
    for payload, cheaper in ((1, False), (2_000, True)):
        without, with_cdn = (
            bill_of(complete({"payload_kb": payload, "cdn": cdn}), MONOLITH, "containers", "gcp").total
            for cdn in (False, True)
        )
        assert (with_cdn < without) is cheaper


def test_microservices_share_one_database_server() -> None:
    """Six small databases share one server with a standby, as the generated deployment has them."""
    needs = complete({})
    servers = [
        line(bill_of(needs, pattern, "kubernetes"), "servers") for pattern in (MONOLITH, MICROSERVICES)
    ]
    assert servers[0] == servers[1]


def test_kafka_retention_is_paid_for() -> None:
    """Fourteen days of retention cost twice as much storage as seven."""
    stream = {"workload": "streaming", "events_per_s": 5_000}
    week, fortnight = (
        line(
            bill_of(complete({**stream, "kafka_retention_days": days}), EVENT_DRIVEN, "kubernetes"),
            "retained events",
        )
        for days in (7, 14)
    )
    assert fortnight == pytest.approx(2 * week)
    assert week > 0


def test_a_development_broker_is_never_for_production() -> None:
    """Only a prototype gets the smallest brokers of MSK."""
    stream = {"workload": "streaming", "events_per_s": 500}
    for stage, product in (("prototype", "t3.small"), ("growth", "m5.large"), ("mature", "m5.large")):
        bill = bill_of(complete({**stream, "stage": stage}), EVENT_DRIVEN, "kubernetes")
        (brokers,) = [line.product for line in bill.lines if line.name == "brokers"]
        assert product in brokers


def test_a_second_cache_node_where_availability_needs_it() -> None:
    """A target of 99.9% doubles the nodes of the cache."""
    one, two = (
        line(
            bill_of(complete({"peak_rps": 15_000, "availability": target}), MONOLITH, "containers"),
            "cache nodes",
        )
        for target in (99.0, 99.9)
    )
    assert two == pytest.approx(2 * one)
    assert one > 0


def test_unverified_prices_are_counted() -> None:
    """The share of the bill that rests on unverified prices follows from its lines."""
    bill = bill_of(complete({}), MONOLITH, "containers", "azure")
    unverified = sum(line.usd for line in bill.lines if not line.verified)
    assert bill.unverified_share == pytest.approx(unverified / bill.total)
    assert any(not line.verified for line in bill.lines)
