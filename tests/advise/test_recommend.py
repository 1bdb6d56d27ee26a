"""Tests of the whole recommendation: presets, gates, both answers, extremes, patterns of template authors."""

import math
from datetime import date
from typing import Any

import pytest

from blueprint.advise.candidates import candidate_from
from blueprint.advise.errors import TermError
from blueprint.advise.generator_options import answers_for
from blueprint.advise.recommend import model_with, recommend
from blueprint.advise.result import Recommendation
from blueprint.needs.answers import complete
from blueprint.needs.inputs import inputs
from blueprint.needs.model import Needs
from blueprint.needs.presets import load_preset

from .needs import fixed_model, p95_of

TODAY = date(2026, 11, 22)


def advised(answers: dict[str, Any] | Needs, *others: Any) -> Recommendation:
    """Return the recommendation for some answers."""
    needs = answers if isinstance(answers, Needs) else complete(answers)
    return recommend(needs, model_with(others), today=TODAY)


@pytest.mark.parametrize(
    ("name", "pattern", "level"),
    [
        ("small-shop", "monolith", "high"),
        ("growing-shop", "monolith", "medium"),
        ("marketplace", "microservices", "medium"),
        ("realtime-analytics", "event-driven", "high"),
        ("cms", "monolith", "high"),
        ("iot-telemetry", "event-driven", "high"),
        ("b2b-saas", "monolith", "high"),
    ],
)
def test_each_preset_gets_the_expected_recommendation(name: str, pattern: str, level: str) -> None:
    """Each preset gets the pattern and the confidence that a reviewer would expect."""
    r = advised(load_preset(name))
    assert (r.pattern, r.confidence.level) == (pattern, level)


def test_probabilities_add_up_and_follow_the_scores() -> None:
    """Probabilities add up to 1, and the logarithm of their ratio is the difference of the scores."""
    r = advised(load_preset("growing-shop"))
    assert sum(r.probabilities.values()) == pytest.approx(1)
    ratio = r.probabilities["microservices"] / r.probabilities["monolith"]
    assert math.log(ratio) == pytest.approx(r.scores["microservices"])


@pytest.mark.slow
def test_each_gate_acts_on_facts() -> None:
    """Each gate excludes a pattern once its facts are given: commits, staff, a measured latency, a budget."""
    many = {"cross_module_tx": "many", "engineers": 400, "teams": 40, "waiting_percent": 60}
    strong = {"service_ms": 6, "consistency": "strong"}
    closed = {
        "G1": advised(many),
        "G2": advised({"engineers": 4, "ops_maturity": 1}),
        "G3": advised({**strong, "p95_ms": 0.9 * p95_of("microservices", strong)}),
        "G4": advised({"availability": 99.995}),
        "G5": advised({"budget_usd_month": 430}),
    }
    for gate, r in closed.items():
        assert gate in {g.id for g in r.gates if g.pattern == "microservices"}
        assert r.infeasible or r.probabilities["microservices"] == 0


def test_a_guess_never_closes_a_gate() -> None:
    """With assumed answers or without a measurement, no gate closes; a missed target is a risk."""
    staffed = complete({"engineers": 4, "ops_maturity": 1})
    assert {gate.id for gate in advised(staffed).gates} == {"G2"}
    assert advised(staffed.change({"assumed": staffed.assumed | {"ops_maturity"}})).gates == ()
    missed = advised({"p95_ms": 0.5 * p95_of("microservices", {}), "engineers": 3})
    assert missed.gates == ()
    assert ("G3", "microservices") in {(risk.id, risk.pattern) for risk in missed.risks}
    measured = {"service_ms": 6, "engineers": 3}
    assert advised({**measured, "p95_ms": 0.5 * p95_of("microservices", measured)}).gates


def test_a_tight_latency_target_does_not_turn_a_small_team_to_events() -> None:
    """For three engineers, a target near the estimate leads to a monolith, and to measure first."""
    small = {"engineers": 3, "mean_rps": 10, "peak_rps": 30}
    model = fixed_model(measured=False)
    usual_ms = recommend(complete(small), model, today=TODAY).estimates["monolith"].p95_ms
    r = recommend(complete({**small, "p95_ms": 0.95 * usual_ms}), model, today=TODAY)
    assert r.pattern == "monolith"
    assert r.confidence.level != "high"
    assert "--measured" in next(p.text for p in r.precautions if p.id == "target-G3")


@pytest.mark.slow
def test_a_budget_within_the_range_of_the_estimate_passes() -> None:
    """A budget between the low and the base estimate closes no gate of the monolith, and is noted."""
    (own,) = [cost for cost in advised({}).costs if cost.cloud == "aws"]
    r = advised({"budget_usd_month": (own.low.total + own.base.total) / 2})
    assert not r.infeasible
    assert r.pattern == "monolith"
    assert "target-G5" in {precaution.id for precaution in r.precautions}
    assert advised({"budget_usd_month": 0.9 * own.low.total}).infeasible


STRONG = [
    {"name": "transfer", "level": "strong", "modules": ["accounts", "ledger"]},
    {"name": "open account", "level": "strong", "modules": ["accounts", "customers"]},
]


def test_atomic_commits_bind_modules_and_leave_the_log_open() -> None:
    """A core whose modules commit together stays one deployable, and many readers still get an event log."""
    r = advised({"flows": STRONG, "consumers": 15, "replay": True, "ops_maturity": 4, "engineers": 40})
    assert (r.pattern, r.architecture.structure, r.architecture.integration) == ("monolith", "one", "log")
    assert {gate.pattern for gate in r.gates} == {"microservices", "event-driven"}
    assert r.architecture.bound == ("accounts", "ledger", "customers")
    assert "event log" in {component.name for component in r.components}


def test_structure_and_integration_are_two_answers() -> None:
    """The structure follows from the pressure to split, the integration from the pressure to use a log."""
    expected = {
        "cms": ("one", "calls"),
        "marketplace": ("many", "calls"),
        "realtime-analytics": ("few", "log"),
    }
    for name, answer in expected.items():
        r = advised(load_preset(name))
        assert (r.architecture.structure, r.architecture.integration) == answer
    both = advised(
        {**load_preset("marketplace"), "consumers": 5, "replay": True, "workload": "request_response"}
    )
    assert (both.pattern, both.architecture.integration) == ("microservices", "log")


WAITING = {"engineers": 200, "teams": 9, "waiting_percent": 40, "ops_maturity": 4, "domain": "stable"}
ORDERS = ("orders", "inventory", "payments", "cart")


def test_a_few_coarse_services_begin_as_a_modular_monolith() -> None:
    """Between one deployable and many, the answer names groups of modules and begins with a monolith."""
    r = advised({**WAITING, "cross_module_tx": "many"})
    assert (r.pattern, r.architecture.structure) == ("monolith", "few")
    assert r.architecture.groups == (ORDERS, ("catalog",), ("identity",))
    assert "orders + inventory + payments + cart; catalog; identity" in r.architecture.path
    groups = [list(group) for group in r.architecture.groups]
    assert answers_for(r, "microservices")["deployables"] == groups
    assert (
        "--set deployables='[[orders, inventory, payments, cart], [catalog], [identity]]'"
        in r.architecture.path
    )
    assert "deployables" not in answers_for(r, "monolith")
    with_events = answers_for(r, "event-driven")
    assert with_events["deployables"] == [*groups, ["notifications"], ["analytics"]]
    workers = {each.name: each.workers_at_peak for each in r.estimates["event-driven"].plan.services}
    assert with_events["partitions"] == sum(workers[name] for name in groups[0]) > max(workers.values())


def test_modules_that_the_shop_does_not_have_are_no_deployables() -> None:
    """The generated shop has six contexts; groups of other modules are named, but not generated."""
    flows = [
        {"name": "open account", "level": "strong", "modules": ["accounts", "customers"]},
        {"name": "search", "level": "eventual", "modules": ["search"]},
    ]
    r = advised({**load_preset("growing-shop"), "engineers": 90, "flows": flows})
    assert r.architecture.deployables == []
    assert "--set" not in r.architecture.path
    assert "deployables" not in answers_for(r, "microservices")


def test_one_more_flow_changes_nothing_that_its_traffic_does_not() -> None:
    """One more flow without a known share leaves the score of microservices as it is."""
    team = {"engineers": 60, "teams": 8, "waiting_percent": 60, "ops_maturity": 4, "domain": "stable"}
    order = {"name": "place order", "level": "strong", "modules": ["orders", "payments"]}
    cart = {"name": "change cart", "level": "read_your_writes", "modules": ["cart"]}
    leave = {"name": "log out", "level": "eventual", "modules": ["identity"]}
    before, after = (advised({**team, "flows": flows}) for flows in ([order, cart], [order, cart, leave]))
    assert (before.pattern, before.scores["microservices"]) == (after.pattern, after.scores["microservices"])


def test_an_assumed_team_is_asked_for_first() -> None:
    """Without the team, every answer is a close call that names the open questions."""
    r = advised({})
    assert r.confidence.ask_first == ("engineers", "teams", "waiting_percent")
    assert r.confidence.level == "close call"
    assert any(note.startswith("answer these first: engineers") for note in r.notes)
    assert advised({"engineers": 4}).confidence.ask_first == ()
    assert advised({"engineers": 40}).confidence.ask_first == ("teams", "waiting_percent")


def test_many_events_ask_for_the_workload() -> None:
    """A million events per second without a workload is never a confident monolith."""
    r = advised({"events_per_s": 1e6, "engineers": 5})
    assert r.pattern == "event-driven"
    assert r.confidence.ask_first == ("workload",)
    assert r.confidence.close_call


def test_a_stampede_gets_a_waiting_room() -> None:
    """A peak of a thousand times the mean gets a waiting room and replicas before the start."""
    r, steady = (advised({"mean_rps": 50, "peak_rps": peak}) for peak in (50_000, 500))
    (stampede,) = [precaution for precaution in r.precautions if precaution.id == "stampede"]
    (service,), (usual,) = (each.estimates["monolith"].plan.services for each in (r, steady))
    assert stampede.values["replicas"] == service.replicas_at_peak > usual.max_replicas
    assert stampede.values.items() >= {"burst": 1000, "admitted_rps": 250, "minutes": 200}.items()
    assert "waiting room" in stampede.text
    assert not steady.precautions


def test_an_isolated_module_that_shares_a_process_is_noted() -> None:
    """If a part must be isolated, and payments shares a process, the answer says what follows."""
    r = advised({"isolation": True, "engineers": 8})
    (noted,) = [precaution for precaution in r.precautions if precaution.id == "isolation"]
    assert noted.values == {"modules": 6}
    assert "card data at the payment provider" in noted.text
    alone = advised({**WAITING, "teams": 2, "cross_module_tx": "none", "isolation": True})
    assert ("payments",) in alone.architecture.groups
    assert not any(precaution.id == "isolation" for precaution in alone.precautions)


@pytest.mark.slow
def test_if_no_pattern_fits_the_recommendation_says_so() -> None:
    """With an impossible budget, the result is a close call with a note and a break-even budget."""
    r = advised({"budget_usd_month": 10})
    assert r.infeasible
    assert r.confidence.close_call
    assert any("no pattern passes every gate" in note for note in r.notes)
    assert any(point.changes[0].input == "budget_usd_month" for point in r.break_even_points)


def test_answers_are_the_generators_options() -> None:
    """The answers have the names and the sizes of the options of the built-in patterns."""
    recommendation = advised({**load_preset("growing-shop"), "mean_rps": 5_000, "peak_rps": 15_000})
    answers = answers_for(recommendation, "monolith")
    (service,) = recommendation.estimates["monolith"].plan.services
    assert answers["pattern"] == "monolith"
    assert answers["database"] == "postgresql"
    assert (answers["replicas"], answers["max_replicas"]) == (service.replicas, service.max_replicas)
    assert "partitions" not in answers
    assert answers_for(advised(load_preset("realtime-analytics")))["partitions"] == 3
    assert "cache_memory_mib" not in answers_for(advised(load_preset("small-shop")))
    cached = answers_for(recommend(complete(load_preset("marketplace")), fixed_model(), today=TODAY))
    assert (cached["cache"], cached["kubernetes"]) == ("redis", True)
    assert cached["cache_memory_mib"] == 4096


def test_claims_are_shown_and_never_decide() -> None:
    """The recommendation contains the article's claims for the three patterns."""
    claims = advised({}).claims
    assert claims["monolith"] == {"throughput": 500, "unit": "req/s", "latency_ms": 200}
    assert set(claims) == {"monolith", "microservices", "event-driven"}


@pytest.mark.slow
@pytest.mark.parametrize("end", ["minimum", "maximum"])
@pytest.mark.parametrize("name", [n for n, spec in inputs().items() if spec.minimum is not None])
def test_every_input_at_its_extremes(name: str, end: str) -> None:
    """Each input at its minimum and at its maximum gets a recommendation."""
    value = getattr(inputs()[name], end)
    answers = {name: value} | ({"peak_rps": value} if name == "mean_rps" else {})
    assert advised(answers).pattern in ("monolith", "microservices", "event-driven")


@pytest.mark.slow
def test_all_inputs_at_their_maximum() -> None:
    """All inputs at their maximum get a recommendation, with a sharded database."""
    largest = {n: spec.maximum for n, spec in inputs().items() if spec.maximum is not None}
    r = advised(largest)
    assert r.estimate.plan.databases[0].shards > 1


SERVERLESS = {
    "terms": [
        {"name": "premium", "points": -0.5},
        {"name": "quiet", "input": "mean_rps", "at_most": [[10, 1], [1, 3]], "why": "paid by the call"},
    ],
    "capacity": {"deployables": 2, "databases": 1},
}


def test_a_template_authors_pattern_competes() -> None:
    """A template author's pattern wins or loses by its terms, and has its own shape."""
    functions = candidate_from("functions", "Functions", SERVERLESS)
    quiet = advised({**load_preset("small-shop"), "mean_rps": 0.5}, functions)
    assert (quiet.pattern, quiet.title, quiet.scores["functions"]) == ("functions", "Functions", 2.5)
    assert len(quiet.estimate.plan.services) == 2
    assert any(line.term == "quiet" and line.points == 3 for line in quiet.score_breakdown)
    busy = advised(load_preset("small-shop") | {"mean_rps": 20}, functions)
    assert busy.pattern == "monolith"
    assert busy.runner_up.pattern == "functions"
    assert any(point.label == "functions" for point in busy.break_even_points)


@pytest.mark.parametrize(
    ("recommend_section", "says"),
    [
        ({}, "`terms:` is missing"),
        ({"terms": []}, "expected a list"),
        ({"terms": ["premium"]}, "expected a list"),
        ({**SERVERLESS, "capcity": {}}, "recommend.capcity"),
        ({**SERVERLESS, "capacity": {"deployable": 2}}, "capacity.deployable"),
        ({**SERVERLESS, "capacity": {"deployables": 0}}, "capacity.deployables"),
        ({**SERVERLESS, "capacity": {"deployables": True}}, "capacity.deployables"),
        ({**SERVERLESS, "capacity": {"broker": "yes"}}, "capacity.broker"),
        ({**SERVERLESS, "capacity": [1]}, "expected a mapping"),
    ],
)
def test_an_invalid_section_is_refused(recommend_section: Any, says: str) -> None:
    """An invalid `recommend:` section is refused with the path of the faulty key."""
    with pytest.raises(TermError, match="functions") as caught:
        candidate_from("functions", "Functions", recommend_section)
    assert says in caught.value.message


def test_two_patterns_cannot_have_the_same_name() -> None:
    """A pattern with the name of a built-in one is refused, because scores are by name."""
    with pytest.raises(TermError, match="monolith"):
        model_with([candidate_from("monolith", "Mine", SERVERLESS)])
