"""Tests of the sizes of groupings: those of the monolith and of separate services, and what is in between."""

from datetime import date
from typing import Any

import pytest

from blueprint.advise.candidates import CONTEXTS, MICROSERVICES, MONOLITH
from blueprint.advise.generator_options import answers_for
from blueprint.advise.groupings.candidates import Groups
from blueprint.advise.groupings.measured import grouped_profile
from blueprint.advise.profiles import KINDS, SERVERS, Profile, default_profiles
from blueprint.advise.recommend import model_with, recommend
from blueprint.advise.result import Recommendation
from blueprint.needs.answers import complete

WHOLE, SPLIT = default_profiles()[MONOLITH], default_profiles()[MICROSERVICES]
ONE: Groups = (CONTEXTS,)
EACH: Groups = tuple((name,) for name in CONTEXTS)
ORDERS = ("orders", "inventory", "payments", "cart")
THREE: Groups = (ORDERS, ("catalog",), ("identity",))
TEAM = {"engineers": 90, "teams": 3, "waiting_percent": 40, "ops_maturity": 4, "domain": "stable"}


def advised(answers: dict[str, Any]) -> Recommendation:
    """Return the recommendation for some answers."""
    return recommend(complete(answers), model_with(), today=date(2026, 11, 22))


def all_cpu(profile: Profile, kind: str) -> float:
    """Return the CPU time in ms of one request of this kind in all services."""
    return profile.cpu_of(kind, profile.parts)


@pytest.mark.parametrize(("groups", "measured"), [(ONE, WHOLE), (EACH, SPLIT)], ids=["one", "each"])
def test_both_ends_are_what_was_measured(groups: Groups, measured: Profile) -> None:
    """One group has the figures of the monolith, and six groups those of the microservices."""
    found = grouped_profile(WHOLE, SPLIT, groups)
    for kind in KINDS:
        assert all_cpu(found, kind) == pytest.approx(all_cpu(measured, kind))
        assert found.unloaded_ms[kind] == pytest.approx(measured.unloaded_ms[kind])
        assert found.statements[kind] == pytest.approx(measured.statements[kind])
        for server in SERVERS[:2]:
            assert found.cpu_of(kind, (server,)) == pytest.approx(measured.cpu_of(kind, (server,)))
    assert sum(found.rest_cpu_ms.values()) == pytest.approx(sum(measured.rest_cpu_ms.values()))
    processes = {name: mib for name, mib in measured.memory_mib.items() if name not in SERVERS}
    assert sorted(found.memory_mib[name] for name in found.parts) == pytest.approx(sorted(processes.values()))


def test_a_cut_costs_where_its_calls_are() -> None:
    """An order within one service costs what it does in the monolith; a cart calls another service."""
    found = grouped_profile(WHOLE, SPLIT, THREE)
    assert all_cpu(found, "order") == pytest.approx(all_cpu(WHOLE, "order"))
    assert found.unloaded_ms["order_end"] == pytest.approx(WHOLE.unloaded_ms["order_end"])
    assert all_cpu(found, "cart") == pytest.approx(all_cpu(SPLIT, "cart"))
    assert all_cpu(SPLIT, "cart") > all_cpu(WHOLE, "cart")
    cut = grouped_profile(
        WHOLE, SPLIT, (("orders", "inventory", "cart"), ("payments", "catalog", "identity"))
    )
    between = (all_cpu(WHOLE, "order"), all_cpu(cut, "order"), all_cpu(SPLIT, "order"))
    assert list(between) == sorted(between)
    assert found.memory_mib["orders"] > SPLIT.memory_mib["orders"]


def test_the_recommended_groups_are_what_is_sized() -> None:
    """Estimate and bill are of the chosen groups, and the generator gets the sizes of each context."""
    r = advised(TEAM)
    groups = ((*ORDERS, "catalog"), ("identity",))
    assert (r.pattern, r.architecture.groups) == (MICROSERVICES, groups)
    assert [service.name for service in r.estimate.plan.services] == ["orders", "identity"]
    assert r.groupings[0].estimate.monthly_usd == r.estimate.monthly_usd
    answers = answers_for(r)
    assert answers["deployables"] == [list(group) for group in groups]
    assert {f"{name}_max_replicas" for name in CONTEXTS} <= set(answers)
    assert answers["memory_mib"] == r.estimate.plan.memory_mib > r.estimate.separate.memory_mib


def test_the_longest_flow_has_the_parts_that_it_touches() -> None:
    """An order within one service depends on that service alone, and ends when it is answered."""
    r = advised(TEAM)
    plan = r.estimate.plan
    assert (plan.chain, plan.settled_ms) == (1, plan.answer_ms)
    separate = advised({**TEAM, "teams": 12, "engineers": 200}).estimate.plan
    assert separate.chain == 3
    assert separate.settled_ms > separate.answer_ms
    assert plan.availability > separate.availability


def test_an_event_driven_system_has_groups_too() -> None:
    """Around a log, contexts of one group share a process and its workers, and consumers stay apart."""
    r = advised(
        {"engineers": 12, "teams": 2, "events_per_s": 8000, "workload": "streaming", "ops_maturity": 4}
    )
    assert r.pattern == "event-driven"
    assert answers_for(r)["deployables"] == [[*r.architecture.groups[0]], ["notifications"], ["analytics"]]
    services = {service.name: service for service in r.estimate.plan.services}
    assert list(services) == ["orders", "notifications", "analytics"]
    assert services["orders"].workers > 0 == services["analytics"].workers
    assert r.estimate.monthly_usd < r.estimates["event-driven"].high_usd


def test_other_modules_do_all_the_work_of_the_shop() -> None:
    """Modules that the shop does not have share its work, even if some are called like its contexts."""
    flows = [{"name": "pay", "level": "eventual", "modules": ["orders", "payments", "ledger"]}]
    r = advised({**TEAM, "flows": flows})
    for option in r.groupings:
        assert sum(service.cpu_ms for service in option.estimate.plan.services) == pytest.approx(
            sum(service.cpu_ms for service in r.estimates[MICROSERVICES].plan.services)
        )


@pytest.mark.slow
def test_a_budget_leads_to_a_grouping_that_it_pays_for() -> None:
    """A budget below the bill of the best grouping leads to another one, which the budget pays for."""
    best = advised(TEAM)
    budget = 0.99 * best.groupings[0].estimate.low_usd
    found = advised({**TEAM, "budget_usd_month": budget}).groupings
    assert found[0].estimate.low_usd <= budget
    assert (found[0].gates, {gate.id for option in found for gate in option.gates}) == ((), {"G5"})
