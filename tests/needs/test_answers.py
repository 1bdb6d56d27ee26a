"""Tests of answers: they become complete needs, or one error that names the field."""

import math
import re
from typing import Any

import pytest

from blueprint.needs.answers import complete
from blueprint.needs.errors import NeedsError
from blueprint.needs.flows import module_groups
from blueprint.needs.inputs import inputs
from blueprint.needs.model import INPUT_FIELDS, Needs

FLOW = {"name": "place order", "kind": "write", "level": "strong", "modules": ["orders", "payments"]}


def test_a_module_counts_once_in_a_flow() -> None:
    """A module that a flow names twice is one module, in commits as in the length of the flow."""
    needs = complete({"flows": [{**FLOW, "modules": ["orders", "payments", "orders"]}]})
    assert needs.chain == ("orders", "payments")
    assert complete({"flows": [{**FLOW, "modules": ["orders", "orders"]}]}).cross_module_tx == "none"


def test_no_answer_means_all_defaults_and_all_assumed() -> None:
    """Without any answer, every input has its default and counts as assumed."""
    needs = complete({})
    assert needs.peak_rps == 150
    assert needs.assumed == {*inputs(), "flows"}


def test_an_answer_is_not_assumed() -> None:
    """An answer that equals the default is not assumed; an answer of None is."""
    needs = complete({"engineers": 8, "consumers": None})
    assert "engineers" not in needs.assumed
    assert "consumers" in needs.assumed


def test_needs_have_a_field_for_every_input_and_no_other() -> None:
    """The fields of Needs are the inputs in inputs.yaml, the flows and the assumptions."""
    assert list(INPUT_FIELDS) == list(inputs())
    assert set(Needs._fields) == {*inputs(), "flows", "assumed"}


def test_the_default_flows_agree_with_the_default_summaries() -> None:
    """Giving the default flows as an answer changes no value of the needs."""
    flows = [{**flow._asdict(), "modules": list(flow.modules)} for flow in complete({}).flows]
    assert complete({"flows": flows}).facts() == complete({}).facts()


@pytest.mark.parametrize(
    ("answers", "mean", "peak"), [({"mean_rps": 100}, 100, 300), ({"peak_rps": 30}, 10, 30), ({}, 50, 150)]
)
def test_one_rate_alone_keeps_the_usual_burst(answers: dict[str, Any], mean: float, peak: float) -> None:
    """If only one of the two rates is given, the other follows from the default burst."""
    needs = complete(answers)
    assert (needs.mean_rps, needs.peak_rps) == (mean, peak)


@pytest.mark.parametrize(
    ("writes", "crossing", "level"),
    [
        ([("strong", 2)], "many", "strong"),
        ([("strong", 1)], "none", "strong"),
        ([("strong", 2), ("eventual", 1), ("eventual", 1)], "many", "eventual"),
        ([("strong", 2), ("eventual", 1)], "many", "strong"),
        ([("strong", 2), ("eventual", 1), ("eventual", 3)], "some", "eventual"),
        ([("eventual", 2), ("read_your_writes", 1), ("eventual", 3)], "none", "eventual"),
    ],
)
def test_the_summaries_follow_from_the_flows(
    writes: list[tuple[str, int]], crossing: str, level: str
) -> None:
    """Commits that bind all modules are many, others without shares some; a tie of levels is strict."""
    flows = [
        {"name": "f", "level": level, "modules": [f"m{n}" for n in range(many)]} for level, many in writes
    ]
    needs = complete({"flows": flows})
    assert (needs.cross_module_tx, needs.consistency) == (crossing, level)


@pytest.mark.parametrize(("share", "crossing"), [(0.02, "some"), (0.2, "many"), (None, "some")])
def test_flows_count_by_their_traffic(share: float | None, crossing: str) -> None:
    """Commits across modules count by their share of the writes; without one, it is assumed."""
    order = {"name": "order", "level": "strong", "modules": ["orders", "payments"], "share": share}
    cart = {"name": "cart", "level": "eventual", "modules": ["cart"], "share": 0.1}
    needs = complete({"flows": [order, cart]})
    assert needs.cross_module_tx == crossing
    assert ("cross_module_tx" in needs.assumed) is (share is None)
    assert module_groups(needs.flows) == (("orders", "payments"), ("cart",))


@pytest.mark.parametrize(
    ("shares", "reads", "several"),
    [
        ((0.7, 0.2, 0.1), 0.7, 2 / 3),
        ((0.7, 0.2, 0.11), 0.6931, 0.6452),
        ((0.3, 0.2, 0.1), 0.9, 2 / 3),
        ((None, 0.2, 0.1), 0.9, 2 / 3),
        ((0.7, 0.2, None), 0.9, None),
    ],
)
def test_the_mix_of_requests_follows_from_the_shares(
    shares: tuple[float | None, ...], reads: float, several: float | None
) -> None:
    """Shares that add up to 1 give the share of reads; those of writes, how many span modules."""
    kinds = [("read", ["catalog"]), ("write", ["orders", "payments"]), ("write", ["cart"])]
    flows = [
        {"name": "f", "kind": kind, "level": "eventual", "modules": modules, "share": share}
        for (kind, modules), share in zip(kinds, shares, strict=True)
    ]
    needs = complete({"flows": flows})
    assert needs.read_fraction == pytest.approx(reads, abs=1e-4)
    assert ("read_fraction" in needs.assumed) is (reads == 0.9)
    assert needs.several_modules_share == (several and pytest.approx(several, abs=1e-4))
    assert complete({"flows": flows, "read_fraction": 0.5}).read_fraction == 0.5
    assert complete({}).several_modules_share is None


@pytest.mark.parametrize(
    ("answers", "team", "assumed"),
    [
        ({}, (8, 1, 10), {"engineers", "teams", "waiting_percent"}),
        ({"engineers": 9}, (9, 1, 10), {"waiting_percent"}),
        ({"engineers": 80}, (80, 10, 10), {"teams", "waiting_percent"}),
        ({"teams": 5}, (40, 5, 10), {"engineers", "waiting_percent"}),
        ({"teams": 1}, (8, 1, 10), {"engineers", "waiting_percent"}),
        ({"waiting_percent": 50}, (48, 6, 50), {"engineers", "teams"}),
    ],
)
def test_team_facts_follow_from_each_other(
    answers: dict[str, Any], team: tuple[int, int, float], assumed: set[str]
) -> None:
    """Teams follow from engineers and engineers from teams; in a single team, nobody waits for another."""
    needs = complete(answers)
    assert (needs.facts()["waiting_people"] == 0) is (needs.teams == 1)
    assert (needs.engineers, needs.teams, needs.waiting_percent) == team
    assert needs.assumed & {"engineers", "teams", "waiting_percent"} == assumed


@pytest.mark.parametrize(("choice", "percent"), [("none", 0), ("useful", 10), ("required", 60)])
def test_the_former_conclusion_is_read_as_a_fact(choice: str, percent: float) -> None:
    """The former input independent_deploy becomes the share of waiting changes; that fact has priority."""
    assert complete({"independent_deploy": choice}).waiting_percent == percent
    assert complete({"independent_deploy": choice, "waiting_percent": 7}).waiting_percent == 7
    for unknown in ("maybe", ["useful"]):
        with pytest.raises(NeedsError, match="independent_deploy") as caught:
            complete({"independent_deploy": unknown})
    assert "waiting_percent" in caught.value.hint


@pytest.mark.parametrize(
    ("events", "workload"), [(10, "request_response"), (1_000, "mixed"), (1e6, "streaming")]
)
def test_an_unanswered_workload_follows_from_the_event_rate(events: float, workload: str) -> None:
    """Without an answer, a high event rate implies a mixed or streaming workload, which stays assumed."""
    needs = complete({"events_per_s": events})
    assert needs.workload == workload
    assert "workload" in needs.assumed
    assert complete({"events_per_s": events, "workload": "mixed"}).workload == "mixed"


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"mean_rps": -1}, "traffic.mean_rps"),
        ({"peak_rps": math.nan}, "traffic.peak_rps"),
        ({"peak_rps": math.inf}, "traffic.peak_rps"),
        ({"peak_rps": 1e12}, "traffic.peak_rps"),
        ({"peak_rps": "1e12"}, "traffic.peak_rps"),
        ({"peak_rps": "9" * 400}, "traffic.peak_rps"),
        ({"peak_rps": 10**400}, "traffic.peak_rps"),
        ({"peak_rps": True}, "traffic.peak_rps"),
        ({"peak_rps": [1]}, "traffic.peak_rps"),
        ({"mean_rps": 10, "peak_rps": 5}, "traffic.peak_rps"),
        ({"read_fraction": 1.5}, "data.read_fraction"),
        ({"engineers": 2.5}, "team.engineers"),
        ({"engineers": 0}, "team.engineers"),
        ({"availability": 100}, "quality.availability"),
        ({"workload": "stream"}, "traffic.workload"),
        ({"replay": "maybe"}, "surroundings.replay"),
        ({"replay": 1}, "surroundings.replay"),
        ({"replay": [1]}, "surroundings.replay"),
        ({"peek_rps": 5}, "did you mean 'peak_rps'"),
        ({"flows": []}, "consistency.flows"),
        ({"flows": [{**FLOW, "level": "stronk"}]}, "consistency.flows[0].level"),
        ({"flows": [{**FLOW, "modules": "orders"}]}, "consistency.flows[0].modules"),
        ({"flows": [{**FLOW, "name": "a\nb"}]}, "consistency.flows[0].name"),
        ({"flows": [FLOW, {**FLOW, "lvl": "strong"}]}, "consistency.flows[1].lvl"),
        ({"flows": [{**FLOW, "share": 2}]}, "consistency.flows[0].share"),
        ({"flows": [FLOW] * 201}, "consistency.flows"),
        ({"flows": [FLOW], "consistency": "strong"}, "consistency.consistency"),
    ],
)
def test_an_invalid_answer_is_refused_by_name(answers: dict[str, Any], field: str) -> None:
    """The message names the field with the invalid answer, and there is a hint."""
    with pytest.raises(NeedsError, match=re.escape(field)) as caught:
        complete(answers)
    assert caught.value.hint


@pytest.mark.parametrize("name", [n for n, spec in inputs().items() if spec.minimum is not None])
def test_both_ends_of_each_range_are_valid(name: str) -> None:
    """The minimum and the maximum that the hint names are valid answers."""
    spec = inputs()[name]
    for value in (spec.minimum, spec.maximum):
        assert getattr(complete({name: value}), name) == value


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("N", False), ("on", True), ("False", False)])
def test_yes_and_no_may_be_text(text: str, value: bool) -> None:
    """Words in quotes are read as the same words without them."""
    assert complete({"replay": text}).replay is value


@pytest.mark.parametrize("text", ["1,000", "50 rps", "5k"])
def test_a_number_with_a_comma_or_a_unit_has_advice(text: str) -> None:
    """The range is shown with commas, which an answer cannot have: they mean decimals elsewhere."""
    with pytest.raises(NeedsError, match="is not a number") as caught:
        complete({"peak_rps": text})
    assert caught.value.hint.endswith("Write digits only, without commas and units.")
