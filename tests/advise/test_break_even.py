"""Tests of break-even points, and of the fast what-if evaluation that finds them."""

from typing import Any

import pytest
from hypothesis import given

from blueprint.advise.break_even import break_even_points, joint_break_even_points
from blueprint.advise.decide import NO_PATTERN, decide, score
from blueprint.advise.formatting import break_even_text
from blueprint.advise.recommend import model_with
from blueprint.advise.what_if import partial_score, what_if
from blueprint.needs.answers import complete
from blueprint.needs.inputs import inputs
from blueprint.needs.model import Needs
from blueprint.needs.presets import PRESETS, load_preset

from .needs import any_needs

MODEL = model_with()


def outcome(needs: Needs, **changes: Any) -> str:
    """Return the outcome of the whole decision after some changes."""
    return decide(needs.change(changes), MODEL).outcome


@pytest.mark.slow
@given(any_needs())
def test_a_break_even_point_changes_the_label_and_the_step_before_does_not(needs: Needs) -> None:
    """The whole decision confirms each break-even point, and that one step less keeps the outcome."""
    now = outcome(needs)
    for point in break_even_points(needs, MODEL, now):
        (change,) = point.changes
        assert point.label != now
        assert outcome(needs, **{change.input: change.to}) == point.label
        assert outcome(needs, **{change.input: change.before}) == now


@pytest.mark.parametrize("name", PRESETS)
def test_joint_break_even_points_need_both_changes(name: str) -> None:
    """Both changes together lead to the other pattern; each alone, and one step less, does not."""
    needs = complete(load_preset(name))
    now = outcome(needs)
    found = joint_break_even_points(needs, MODEL, now, break_even_points(needs, MODEL, now))
    for point in found:
        quantity, choice = point.changes
        assert outcome(needs, **{c.input: c.to for c in point.changes}) == point.label
        assert outcome(needs, **{quantity.input: quantity.before, choice.input: choice.to}) != point.label
        for change in point.changes:
            assert outcome(needs, **{change.input: change.to}) != point.label


def test_joint_break_even_points_are_found() -> None:
    """The preset cms has a joint break-even point, so the test above is not empty."""
    needs = complete(load_preset("cms"))
    assert "event-driven" in {point.label for point in joint_break_even_points(needs, MODEL, "monolith", ())}


def test_the_smallest_change_comes_first() -> None:
    """Break-even points are sorted by size and read as a sentence."""
    found = break_even_points(complete(load_preset("growing-shop")), MODEL, "monolith")
    assert [point.size for point in found] == sorted(point.size for point in found)
    patterns = [point for point in found if point.label != NO_PATTERN]
    assert break_even_text(patterns[0]) == "The recommendation becomes event-driven if consumers >= 9"
    assert "The recommendation becomes microservices if engineers >= 115" in map(break_even_text, found)


def test_only_a_given_budget_has_a_break_even_point() -> None:
    """Without a budget there is no limit that could change."""
    unlimited = complete(load_preset("marketplace"))
    assert "budget_usd_month" not in {
        point.changes[0].input for point in break_even_points(unlimited, MODEL, outcome(unlimited))
    }
    bounded = complete({**load_preset("marketplace"), "budget_usd_month": 20_000})
    assert "budget_usd_month" in {
        point.changes[0].input for point in break_even_points(bounded, MODEL, outcome(bounded))
    }


@given(any_needs(), any_needs())
def test_a_partial_score_equals_the_score(needs: Needs, other: Needs) -> None:
    """The score is right although only terms that read a changing input are recomputed."""
    facts = needs.facts()
    for name in inputs():
        now = facts | {name: getattr(other, name)}
        for candidate in MODEL.candidates:
            assert partial_score(candidate, facts, {name})(now) == pytest.approx(score(candidate, now))


@pytest.mark.slow
@given(any_needs(), any_needs())
def test_what_if_equals_the_whole_decision(needs: Needs, other: Needs) -> None:
    """With one input or several changed, what_if returns the outcome of the whole decision."""
    for name in inputs():
        value = getattr(other, name)
        if name in ("mean_rps", "peak_rps"):
            continue
        assert what_if(needs, MODEL, [name])(value) == outcome(needs, **{name: value})
    several = ["mean_rps", "peak_rps", "events_per_s", "engineers", "teams"]
    values = {name: getattr(other, name) for name in several}
    assert what_if(needs, MODEL, several)(*values.values()) == outcome(needs, **values)
