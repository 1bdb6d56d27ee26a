"""Tests of terms: every form, errors, and the sum of the points."""

from typing import Any

import pytest
from hypothesis import given

from blueprint.advise.decide import decide
from blueprint.advise.errors import TermError
from blueprint.advise.recommend import model_with
from blueprint.advise.score_breakdown import score_breakdown
from blueprint.advise.terms import compile_terms
from blueprint.needs.answers import complete
from blueprint.needs.model import Needs

from .needs import any_needs


def points(row: dict[str, Any], *values: Any) -> float:
    """Return the points of one term."""
    (term,) = compile_terms([{"name": "t", **row}], "test")
    return term.points(*values)


@pytest.mark.parametrize(
    ("row", "values", "expected"),
    [
        ({"points": -2}, (), -2),
        ({"input": "stage", "table": {"prototype": -1}}, ("prototype",), -1),
        ({"input": "stage", "table": {"prototype": -1}}, ("growth",), 0),
        ({"input": "replay", "table": {"yes": 1}}, (True,), 1),
        ({"input": "replay", "table": {True: 1}}, (False,), 0),
        ({"input": "burst", "at_least": [[5, 0.5], [20, 1]]}, (4.9,), 0),
        ({"input": "burst", "at_least": [[5, 0.5], [20, 1]]}, (5,), 0.5),
        ({"input": "burst", "at_least": [[5, 0.5], [20, 1]]}, (25,), 1),
        ({"input": "p95_ms", "at_most": [[100, -0.5], [50, -1]]}, (50,), -1),
        ({"input": "ops_maturity", "shortfall_below": 3, "points": -1}, (1,), -2),
        ({"input": "ops_maturity", "shortfall_below": 3, "points": -1}, (4,), 0),
        ({"input": "engineers", "log10_over": 15, "points": 2, "minimum": 0}, (150,), 2),
        ({"input": "engineers", "log10_over": 15, "points": 2, "minimum": 0}, (2,), 0),
        ({"input": "consumers", "log2_over": 1, "points": 1, "maximum": 3.5}, (8,), 3),
        ({"input": "consumers", "log2_over": 1, "points": 1, "maximum": 3.5}, (99,), 3.5),
        ({"input": "events_per_s", "log10_over": 100, "points": 1, "minimum": 0}, (0,), 0),
        (
            {"input": "events_per_s", "log10_over": 100, "points_by": {"workload": {"mixed": 0.5}}},
            (10_000, "mixed"),
            1,
        ),
        ({"when": {"consumers": {"at_most": 1}, "payload_kb": {"below": 9}}, "points": -1}, (1, 8), -1),
        ({"when": {"consumers": {"at_most": 1}, "payload_kb": {"below": 9}}, "points": -1}, (1, 9), 0),
    ],
)
def test_each_form_of_a_term(row: dict[str, Any], values: tuple[Any, ...], expected: float) -> None:
    """Each form of a term gives the points that were computed by hand."""
    assert points(row, *values) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"name": "t", "pionts": 1}, "pionts: unknown key"),
        ({"points": 1}, "name is missing"),
        ({"name": "t"}, "points"),
        ({"name": "t", "input": "engineer", "table": {}}, "engineer: unknown input"),
        ({"name": "t", "input": "engineers"}, "exactly one form"),
        ({"name": "t", "input": "engineers", "table": {}, "at_most": [[1, 1]]}, "exactly one form"),
        ({"name": "t", "input": "engineers", "at_most": [1]}, "wrong type"),
        ({"name": "t", "input": "engineers", "log10_over": 0, "points": 1}, "positive"),
        ({"name": "t", "when": {"engineers": {"is_about": 3}}, "points": 1}, "is_about"),
        ({"name": "t", "when": "always", "points": 1}, "wrong type"),
        ({"name": "t", "points": "many"}, "many"),
    ],
)
def test_an_invalid_term_is_refused_by_name(row: dict[str, Any], says: str) -> None:
    """The error about an invalid term names the pattern and the number of the term."""
    with pytest.raises(TermError, match="mine: term 1") as caught:
        compile_terms([row], "mine")
    assert says in caught.value.message


def test_a_term_may_read_a_derived_fact() -> None:
    """Terms of template authors may read facts that follow from inputs."""
    rows: list[dict[str, Any]] = [
        {"name": "wait", "input": "waiting_people", "at_least": [[5, 1.0]]},
        {"name": "former", "input": "independent_deploy", "table": {"useful": 2.0}},
    ]
    facts = complete({"engineers": 60, "teams": 8, "independent_deploy": "useful"}).facts()
    assert [t.points(*[facts[n] for n in t.inputs]) for t in compile_terms(rows, "test")] == [1.0, 2.0]


@given(any_needs())
def test_the_terms_add_up_to_the_score(needs: Needs) -> None:
    """For any needs, the terms of every pattern add up to its score."""
    model = model_with()
    scores = decide(needs, model).scores
    for name, score in scores.items():
        assert sum(
            line.points for line in score_breakdown(needs, model) if line.pattern == name
        ) == pytest.approx(score)
