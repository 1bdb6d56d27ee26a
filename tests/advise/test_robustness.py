"""Robustness: repeatable, wider for assumptions, undisturbed by what nobody asked."""

import statistics
from typing import Any

import pytest

from blueprint.advise import datafiles
from blueprint.advise.decide import decide
from blueprint.advise.recommend import model_with
from blueprint.advise.robustness import _normal, _sampled, robustness
from blueprint.needs.answers import complete
from blueprint.needs.inputs import inputs
from blueprint.needs.model import Needs
from blueprint.needs.presets import load_preset

MODEL = model_with()


def firmness(needs: Needs) -> float:
    """The robustness of the label that these needs get."""
    return robustness(needs, MODEL, decide(needs, MODEL).label)


def test_it_repeats() -> None:
    """Seeded: the same needs, the same figure."""
    needs = complete(load_preset("growing-shop"))
    assert firmness(needs) == firmness(needs)
    assert 0.5 < firmness(needs) < 1


def test_it_is_a_share_of_four_thousand_draws() -> None:
    """As the model says."""
    assert datafiles.load("model")["uncertainty"]["samples"] == 4000
    assert firmness(complete(load_preset("growing-shop"))) * 4000 == pytest.approx(
        round(firmness(complete(load_preset("growing-shop"))) * 4000)
    )


@pytest.mark.parametrize(
    ("name", "guess"),
    [("growing-shop", "consumers"), ("growing-shop", "independent_deploy"), ("marketplace", "engineers")],
)
def test_an_assumption_widens_the_uncertainty(name: str, guess: str) -> None:
    """The same value, answered and assumed; a quantity and a choice alike."""
    needs = complete(load_preset(name))
    assumed = needs.change({"assumed": needs.assumed | {guess}})
    assert guess not in needs.assumed
    assert firmness(assumed) < firmness(needs)


def test_the_quantiles_are_a_standard_normal() -> None:
    """Mean 0 and, but for the outermost tails, deviation 1."""
    assert statistics.fmean(_normal()) == pytest.approx(0, abs=1e-9)
    assert statistics.pstdev(_normal()) == pytest.approx(1, abs=0.01)
    assert list(_normal()) == sorted(_normal())


def test_streams_differ_and_are_even() -> None:
    """One input's samples say nothing about another's."""
    first, second = (list(_sampled(name, range(256)).values()) for name in ("engineers", "teams"))
    assert first != second
    assert statistics.correlation(first, second) == pytest.approx(0, abs=0.05)
    assert statistics.fmean(first) == pytest.approx(127.5, abs=4)


def test_a_default_that_nobody_asks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A further input leaves label, scores and robustness as they were."""
    needs = complete(load_preset("growing-shop"))
    before: tuple[Any, ...] = (*decide(needs, MODEL), firmness(needs))
    known = {**inputs(), "moon_phase": inputs()["scale_skew"]._replace(name="moon_phase", asked=False)}
    monkeypatch.setattr("blueprint.advise.robustness.inputs", lambda: known)
    assert (*decide(needs, MODEL), firmness(needs)) == before


def test_giving_a_default_for_an_input_without_weight_changes_no_score() -> None:
    """Saying what was assumed anyway keeps the label and every score."""
    answers = load_preset("growing-shop")
    for name, spec in inputs().items():
        if name in answers or spec.default is None or name in ("consistency", "cross_module_tx"):
            continue
        assert decide(complete({**answers, name: spec.default}), MODEL) == decide(complete(answers), MODEL)


def test_a_label_whose_gates_are_shut_for_all_is_firm() -> None:
    """With a budget of a dollar only gates speak; no figure is invented."""
    needs = complete({**load_preset("growing-shop"), "budget_usd_month": 1})
    assert 0 <= firmness(needs) <= 1
