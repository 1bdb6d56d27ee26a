"""Tests of answers: they become complete needs, or one error that names the field."""

import math
import re
from typing import Any

import pytest

from blueprint.needs.answers import complete
from blueprint.needs.errors import NeedsError
from blueprint.needs.inputs import inputs
from blueprint.needs.model import INPUT_FIELDS, Needs

FLOW = {"name": "place order", "kind": "write", "level": "strong", "modules": ["orders", "payments"]}


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
        ([("strong", 2), ("eventual", 1), ("eventual", 1)], "some", "eventual"),
        ([("strong", 2), ("eventual", 1)], "many", "strong"),
        ([("eventual", 2), ("read_your_writes", 1), ("eventual", 3)], "none", "eventual"),
    ],
)
def test_the_summaries_follow_from_the_flows(
    writes: list[tuple[str, int]], crossing: str, level: str
) -> None:
    """Crossing writes are some up to a third and many beyond; a tie of levels goes to the stricter one."""
    flows = [
        {"name": "f", "level": level, "modules": [f"m{n}" for n in range(many)]} for level, many in writes
    ]
    needs = complete({"flows": flows})
    assert (needs.cross_module_tx, needs.consistency) == (crossing, level)


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
        ({"peek_rps": 5}, "did you mean 'peak_rps'"),
        ({"flows": []}, "consistency.flows"),
        ({"flows": [{**FLOW, "level": "stronk"}]}, "consistency.flows[0].level"),
        ({"flows": [{**FLOW, "modules": "orders"}]}, "consistency.flows[0].modules"),
        ({"flows": [{**FLOW, "name": "a\nb"}]}, "consistency.flows[0].name"),
        ({"flows": [FLOW, {**FLOW, "lvl": "strong"}]}, "consistency.flows[1].lvl"),
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
