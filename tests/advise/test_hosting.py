"""Tests of the host: where a pattern runs, what is promised there, and how data sizes its servers."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.advise.candidates import built_in_candidates
from blueprint.advise.capacity_plan import Demand
from blueprint.advise.datafiles import load
from blueprint.advise.decide import Model
from blueprint.advise.generator_options import answers_for
from blueprint.advise.hosting.choice import every_host
from blueprint.advise.prices import CLOUDS, default_prices
from blueprint.advise.providers import CONTAINERS, HOSTS, host_definition
from blueprint.advise.recommend import model_with, recommend
from blueprint.advise.result import Recommendation
from blueprint.advise.targets import closing_targets, targets_of
from blueprint.needs.answers import complete
from blueprint.needs.model import Needs
from blueprint.needs.presets import load_preset
from blueprint.patterns import check_answers, find_pattern
from blueprint.render import render

from .needs import any_needs, fixed_model

PROTOTYPE = {"stage": "prototype", "engineers": 1, "mean_rps": 0.1}


def advised(answers: dict[str, Any] | Needs, model: Model | None = None) -> Recommendation:
    """Return the recommendation for some answers."""
    needs = answers if isinstance(answers, Needs) else complete(answers)
    return recommend(needs, model or model_with(), today=date(2026, 11, 22))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_prototype_costs_less_than_50_usd_a_month(cloud: str) -> None:
    """One engineer with 0.1 req/s gets one machine, on every cloud for less than 50 USD a month."""
    r = advised({**PROTOTYPE, "cloud": cloud})
    assert (r.pattern, r.estimate.host) == ("monolith", "machine")
    assert r.estimate.monthly_usd < 50


def test_the_project_of_a_prototype_fits_its_machine() -> None:
    """On one machine there is one copy, no cluster, no autoscaler and no server for cache or metrics."""
    answers = answers_for(advised(PROTOTYPE))
    expected = {
        "replicas": 1,
        "max_replicas": 1,
        "cache": "memory",
        "kubernetes": False,
        "host": "machine",
        "database_memory_mib": 512,
        "observability": False,
    }
    assert {name: answers[name] for name in expected} == expected


def test_an_identity_provider_may_serve_one_machine() -> None:
    """With several consumers, accounts are at an issuer elsewhere, and the shop is on the machine."""
    answers = answers_for(advised({**PROTOTYPE, "host": "machine", "consumers": 3}))
    assert (answers["auth"], answers["kubernetes"], answers["host"]) == ("oauth2", False, "machine")


@pytest.mark.parametrize(
    ("needs", "sizes"),
    [
        ({}, {"database_class": "db.m5.large", "database_standby": True}),
        ({"data_gb": 800}, {"database_class": "db.r5.2xlarge", "database_storage_gib": 860}),
        ({**PROTOTYPE, "host": "containers"}, {"database_class": "db.t3.small", "database_standby": False}),
    ],
)
def test_the_project_for_containers_has_the_servers_of_the_bill(
    needs: dict[str, Any], sizes: dict[str, Any]
) -> None:
    """On AWS, the answers name the class, the disk and the standby of each managed server."""
    r = advised(needs)
    answers = answers_for(r)
    assert (answers["kubernetes"], answers["host"]) == (False, "containers")
    assert {name: answers.get(name) for name in sizes} == sizes
    assert not any("no definition" in note for note in r.notes)


@pytest.mark.parametrize("needs", [{"cloud": "gcp"}, {"data_gb": 60_000}])
def test_other_containers_are_left_open(needs: dict[str, Any]) -> None:
    """For other clouds and for data on several servers, a note says what is yet to be written."""
    r = advised(needs)
    assert (r.estimate.host, answers_for(r).get("host")) == ("containers", None)
    assert any("no definition" in note for note in r.notes)


@pytest.mark.parametrize(
    ("answers", "host"),
    [
        ({}, "containers"),
        ({"host": "kubernetes"}, "kubernetes"),
        ({"teams": 6, "ops_maturity": 4}, "kubernetes"),
        ({"teams": 6, "ops_maturity": 1}, "containers"),
        ({"mean_rps": 5000, "peak_rps": 15000, "ops_maturity": 4}, "kubernetes"),
        ({**PROTOTYPE, "availability": 99.9}, "containers"),
        ({**PROTOTYPE, "availability": 99.5}, "machine"),
        ({**PROTOTYPE, "peak_rps": 1_000}, "platform"),
        ({**PROTOTYPE, "peak_rps": 20_000}, "containers"),
        ({**PROTOTYPE, "data_gb": 5_000}, "containers"),
        ({"engineers": 2, "availability": 99.5}, "machine"),
    ],
)
def test_facts_choose_the_host(answers: dict[str, Any], host: str) -> None:
    """Load, data, availability, people and maturity choose the host."""
    assert advised(answers, fixed_model()).estimate.host == host


@pytest.mark.slow
def test_a_budget_chooses_a_cheaper_host() -> None:
    """If the first host exceeds the budget and another one that fits does not, the other one is taken."""
    usual, small = (advised({"availability": 99.0, **more}) for more in ({}, {"budget_usd_month": 200}))
    assert usual.estimate.host == "containers"
    assert small.estimate.host == "machine"
    assert "budget" in small.host_reason
    assert not small.infeasible


def test_one_region_never_promises_four_nines() -> None:
    """RDS, EKS and the load balancer promise 99.89% together, whatever was asked for."""
    r = advised({"host": "kubernetes", "availability": 99.99})
    assert r.estimate.availability == pytest.approx(0.9995 * 0.9995 * 0.9999, abs=1e-4)
    assert {gate.id for gate in r.gates} == {"G4"}
    assert r.infeasible


def test_each_host_names_the_file_that_describes_it() -> None:
    """The definitions are files of a generated project, and the bill has every part that a host rents."""
    pattern = find_pattern("monolith")
    options = {CONTAINERS: {"kubernetes": False, "host": CONTAINERS}}
    for host in HOSTS:
        path = host_definition("aws", host).definition
        tree = render(pattern, check_answers(pattern, "shop", options.get(host, {}))).tree
        assert path is None or any(name.startswith(path) for name in tree)
    assert host_definition("gcp", CONTAINERS).definition is None
    assert host_definition("aws", "containers").rents != host_definition("gcp", "containers").rents


@given(any_needs())
def test_no_needs_get_four_nines(needs: Needs) -> None:
    """For any needs, no pattern on any host claims 99.99% in one region."""
    for candidate in built_in_candidates():
        for hosted in every_host(candidate.shape, needs, Demand.of(needs), default_prices()):
            assert hosted.availability < 0.9999


@given(any_needs(), st.sampled_from(["prototype", "growth"]), st.integers(0, 4))
def test_skipping_hosts_changes_no_gate(needs: Needs, stage: str, maturity: int) -> None:
    """For any needs, the gates are the same as if every target is computed on the chosen host."""
    changed = needs.change({"stage": stage, "ops_maturity": maturity, "availability": needs.availability})
    demand, prices = Demand.of(changed), default_prices()
    for candidate in built_in_candidates():
        computed = [t for t in targets_of(candidate, changed, demand, prices) if t.closes]
        assert [*closing_targets(candidate, changed, demand, prices)] == computed


@pytest.mark.slow
def test_agreements_alone_close_the_gate_of_availability() -> None:
    """On one host the agreements are the same for all patterns, so no pattern passes alone."""
    for target in (99.95, 99.96, 99.962, 99.97):
        r = advised({**load_preset("marketplace"), "host": "kubernetes", "availability": target})
        assert len([gate for gate in r.gates if gate.id == "G4"]) in (0, 3)


def test_an_assumed_availability_closes_no_gate() -> None:
    """A target that nobody gave is compared in a note, and never excludes a pattern."""
    r = advised(PROTOTYPE)
    assert not r.gates
    assert any("less than the assumed target of 99.9%" in note for note in r.notes)


def test_every_promise_has_a_source() -> None:
    """Each service level names its agreement; one that was seen has a date, others have a tag."""
    for cloud in CLOUDS:
        for row in load("providers")["service_levels"][cloud].values():
            assert row["source"]
            assert row["as_of"] if row["verified"] else row["tag"] in "RJ"


@pytest.mark.parametrize(("budget", "fits"), [(300, False), (500, True), (2_000, True)])
def test_a_budget_within_the_estimate_passes_with_a_warning(budget: float, fits: bool) -> None:
    """A budget below the low estimate fails; within the estimate it passes, and the answer says so."""
    r = advised({"host": "containers", "budget_usd_month": budget})
    within = r.estimate.low_usd <= budget < r.estimate.high_usd
    assert r.infeasible is not fits
    noted = any("is within the estimate" in note for note in r.notes)
    assert (noted or "target-G5" in {p.id for p in r.precautions}) is within
    assert within is (budget == 500)


def test_data_sizes_the_database() -> None:
    """60 TB at 40 req/s need memory for the hot data and a warning before the limit of a volume."""
    answers = {"mean_rps": 40, "data_gb": 60_000}
    r = advised(answers)
    (database,) = r.estimate.plan.databases
    assert database.memory_class
    assert database.vcpu * database.shards >= 64
    assert any("largest volume of a managed PostgreSQL" in note for note in r.notes)


def test_a_million_events_are_never_a_bill_without_a_warning() -> None:
    """With hundreds of brokers, a note says to ask the provider before the bill is used."""
    r = advised({"events_per_s": 1_000_000})
    assert any("ask the provider for an offer" in note for note in r.notes)


def test_an_assumed_retention_is_named_where_it_costs() -> None:
    """If retained events are a large part of the bill, a note asks how long Kafka must keep them."""
    stream = {"workload": "streaming", "events_per_s": 50_000}
    assumed, given = (
        any("assumed 7 days" in note for note in advised({**stream, **more}).notes)
        for more in ({}, {"kafka_retention_days": 7})
    )
    assert assumed
    assert not given


def test_people_cost_what_was_given() -> None:
    """The cost of operating scales with the cost of an engineer, and never exceeds the people given."""
    usual, cheap = (advised({"engineer_usd_month": usd}).estimate.people_usd for usd in (12_000, 6_000))
    assert usual == pytest.approx(2 * cheap)
    alone = advised({"engineers": 1, "events_per_s": 20_000, "workload": "streaming"})
    assert max(e.people_usd for e in alone.estimates.values()) <= 12_000


@pytest.mark.parametrize("name", ["small-shop", "marketplace", "iot-telemetry", "b2b-saas"])
def test_all_hosts_are_compared(name: str) -> None:
    """All four hosts are compared; the chosen one has no obstacle unless the needs fit none."""
    r = advised(load_preset(name))
    assert [host.host for host in r.hosts] == ["machine", "platform", "containers", "kubernetes"]
    chosen = next(host for host in r.hosts if host.host == r.estimate.host)
    assert not chosen.obstacles
    assert chosen.usd
    assert chosen.usd[1] == pytest.approx(r.estimate.monthly_usd)
