"""Tests of robustness: repeatable, lower for assumed answers, independent of unrelated inputs."""

import statistics
from typing import Any

import pytest

from blueprint.advise import datafiles
from blueprint.advise.decide import decide
from blueprint.advise.profiles import default_profiles
from blueprint.advise.recommend import model_with
from blueprint.advise.request_mix import mean_latency, request_mix
from blueprint.advise.robustness import _normal, _sampled, robustness
from blueprint.needs.answers import complete
from blueprint.needs.inputs import inputs
from blueprint.needs.model import Needs
from blueprint.needs.presets import load_preset

from .needs import p95_of

MODEL = model_with()


def robustness_of(needs: Needs) -> float:
    """Return the robustness of the label for these needs."""
    return robustness(needs, MODEL, decide(needs, MODEL).label)


def test_robustness_is_repeatable() -> None:
    """The same needs give the same robustness, because the samples are seeded."""
    needs = complete(load_preset("growing-shop"))
    assert robustness_of(needs) == robustness_of(needs)
    assert 0.5 < robustness_of(needs) < 1


def test_robustness_is_a_share_of_four_thousand_samples() -> None:
    """The robustness is a multiple of 1/4000, the number of samples in model.yaml."""
    assert datafiles.load("model")["uncertainty"]["samples"] == 4000
    assert robustness_of(complete(load_preset("growing-shop"))) * 4000 == pytest.approx(
        round(robustness_of(complete(load_preset("growing-shop"))) * 4000)
    )


@pytest.mark.parametrize(
    ("name", "assumption"),
    [("growing-shop", "consumers"), ("marketplace", "waiting_percent"), ("marketplace", "engineers")],
)
def test_an_assumption_lowers_the_robustness(name: str, assumption: str) -> None:
    """The same value gives a lower robustness if it is assumed; this holds for quantities and choices."""
    needs = complete(load_preset(name))
    assumed = needs.change({"assumed": needs.assumed | {assumption}})
    assert assumption not in needs.assumed
    assert robustness_of(assumed) < robustness_of(needs)


def test_the_quantiles_are_a_standard_normal() -> None:
    """The quantiles have a mean of 0 and, apart from the outermost tails, a deviation of 1."""
    assert statistics.fmean(_normal()) == pytest.approx(0, abs=1e-9)
    assert statistics.pstdev(_normal()) == pytest.approx(1, abs=0.01)
    assert list(_normal()) == sorted(_normal())


def test_random_streams_are_independent_and_uniform() -> None:
    """The samples of two inputs are uncorrelated, and each is uniform."""
    first, second = (list(_sampled(name, range(256)).values()) for name in ("engineers", "teams"))
    assert first != second
    assert statistics.correlation(first, second) == pytest.approx(0, abs=0.05)
    assert statistics.fmean(first) == pytest.approx(127.5, abs=4)


def test_an_input_that_no_term_reads_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An additional input leaves label, scores and robustness unchanged."""
    needs = complete(load_preset("growing-shop"))
    before: tuple[Any, ...] = (*decide(needs, MODEL), robustness_of(needs))
    known = {**inputs(), "moon_phase": inputs()["scale_skew"]._replace(name="moon_phase", asked=False)}
    monkeypatch.setattr("blueprint.advise.robustness.inputs", lambda: known)
    assert (*decide(needs, MODEL), robustness_of(needs)) == before


def test_answering_with_a_default_changes_no_score() -> None:
    """An answer that equals the assumed default keeps the label and every score."""
    answers = load_preset("growing-shop")
    for name, spec in inputs().items():
        if name in answers or spec.default is None or name in ("consistency", "cross_module_tx"):
            continue
        assert decide(complete({**answers, name: spec.default}), MODEL) == decide(complete(answers), MODEL)


def test_robustness_is_a_share_even_if_every_pattern_fails_a_gate() -> None:
    """With a budget of one dollar, the robustness is still between 0 and 1."""
    needs = complete({**load_preset("growing-shop"), "budget_usd_month": 1})
    assert 0 <= robustness_of(needs) <= 1


def test_an_estimate_near_its_target_lowers_the_robustness() -> None:
    """A latency near the target is drawn with its error, so the label is less robust than far from it."""
    answers = load_preset("marketplace")
    usual_ms = p95_of("microservices", answers)
    far, near = (complete({**answers, "p95_ms": factor * usual_ms}) for factor in (10, 1.1))
    assert decide(far, MODEL).label == decide(near, MODEL).label == "microservices"
    assert robustness_of(near) < robustness_of(far) - 0.1


def test_a_measurement_makes_the_answer_firm() -> None:
    """With a measured service time, the latency near the target varies less than with a guess."""
    answers = load_preset("marketplace")
    guessed = complete({**answers, "p95_ms": 1.5 * p95_of("microservices", answers)})
    usual_ms = mean_latency(default_profiles()["monolith"], request_mix(guessed.read_fraction))
    assert robustness_of(guessed) < robustness_of(guessed.change({"service_ms": usual_ms}))
