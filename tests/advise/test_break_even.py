"""Break-even points really change the label, the step before does not, and trying is the same as deciding."""

from typing import Any

import pytest
from hypothesis import given

from blueprint.advise.break_even import break_even_points, joint_break_even_points
from blueprint.advise.decide import decide, score
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
    """The outcome after some changes, decided in full."""
    return decide(needs.change(changes), MODEL).outcome


@given(any_needs())
def test_a_break_even_point_changes_the_label_and_the_step_before_does_not(needs: Needs) -> None:
    """Each is checked by the whole decision, not by the search that found it."""
    now = outcome(needs)
    for point in break_even_points(needs, MODEL, now):
        (change,) = point.changes
        assert point.label != now
        assert outcome(needs, **{change.input: change.to}) == point.label
        assert outcome(needs, **{change.input: change.before}) == now


@pytest.mark.parametrize("name", PRESETS)
def test_joint_flips_need_both_parts(name: str) -> None:
    """Both together change the label; each alone, and one step less, does not."""
    needs = complete(load_preset(name))
    now = outcome(needs)
    found = joint_break_even_points(needs, MODEL, now, break_even_points(needs, MODEL, now))
    for point in found:
        quantity, choice = point.changes
        assert outcome(needs, **{c.input: c.to for c in point.changes}) == point.label
        assert outcome(needs, **{quantity.input: quantity.before, choice.input: choice.to}) != point.label
        for change in point.changes:
            assert outcome(needs, **{change.input: change.to}) != point.label


def test_joint_flips_are_found() -> None:
    """So that the test above has something to look at."""
    needs = complete(load_preset("cms"))
    assert "microservices" in {point.label for point in joint_break_even_points(needs, MODEL, "monolith", ())}


def test_the_smallest_change_comes_first() -> None:
    """And reads as a condition."""
    found = break_even_points(complete(load_preset("growing-shop")), MODEL, "monolith")
    assert [point.size for point in found] == sorted(point.size for point in found)
    assert break_even_text(found[0]) == "becomes microservices if independent deploy = required"
    assert "becomes microservices if engineers >= 69" in map(break_even_text, found)


def test_a_budget_can_flip_only_where_there_is_one() -> None:
    """No limit has no neighbour."""
    rich = complete(load_preset("marketplace"))
    assert "budget_usd_month" not in {
        point.changes[0].input for point in break_even_points(rich, MODEL, outcome(rich))
    }
    bounded = complete({**load_preset("marketplace"), "budget_usd_month": 20_000})
    assert "budget_usd_month" in {
        point.changes[0].input for point in break_even_points(bounded, MODEL, outcome(bounded))
    }


@given(any_needs(), any_needs())
def test_a_partial_score_is_the_score(needs: Needs, other: Needs) -> None:
    """Only the terms that read a moving input are computed again, and none is forgotten."""
    facts = needs.facts()
    for name in inputs():
        now = facts | {name: getattr(other, name)}
        for candidate in MODEL.candidates:
            assert partial_score(candidate, facts, {name})(now) == pytest.approx(score(candidate, now))


@given(any_needs(), any_needs())
def test_trying_is_deciding(needs: Needs, other: Needs) -> None:
    """The quick way to a label gives the label of the whole decision, one input or several at a time."""
    for name in inputs():
        value = getattr(other, name)
        if name in ("mean_rps", "peak_rps"):
            continue
        assert what_if(needs, MODEL, [name])(value) == outcome(needs, **{name: value})
    several = ["mean_rps", "peak_rps", "events_per_s", "engineers", "teams"]
    values = {name: getattr(other, name) for name in several}
    assert what_if(needs, MODEL, several)(*values.values()) == outcome(needs, **values)
