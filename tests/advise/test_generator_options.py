"""Tests of the sizes for the generator: for any needs, they are valid options of the patterns."""

from datetime import date
from typing import Any

import pytest

from blueprint.advise.generator_options import answers_for
from blueprint.advise.recommend import model_with, recommend
from blueprint.advise.result import Recommendation
from blueprint.needs.answers import complete
from blueprint.needs.model import Needs
from blueprint.patterns import check_answers, find_pattern

PATTERNS = ("monolith", "microservices", "event-driven")
DISTRIBUTED = PATTERNS[1:]
PROTOTYPE = {"mean_rps": 0.1, "peak_rps": 1, "stage": "prototype"}
BUSY = {"mean_rps": 3000, "peak_rps": 9000, "events_per_s": 2000, "scale_skew": 8}


def advised(answers: dict[str, Any] | Needs) -> Recommendation:
    """Return the recommendation for some answers."""
    needs = answers if isinstance(answers, Needs) else complete(answers)
    return recommend(needs, model_with(), today=date(2026, 11, 1))


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("needs", [{}, BUSY, PROTOTYPE], ids=["quiet", "busy", "prototype"])
def test_the_generator_takes_the_advice_as_it_is(pattern: str, needs: dict[str, Any]) -> None:
    """The advice has no option whose condition its own answers exclude, such as rules without Prometheus."""
    advice = answers_for(advised(needs), pattern)
    assert advice.pop("pattern") == pattern
    assert check_answers(find_pattern(pattern), "shop", advice).options.items() >= advice.items()


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("needs", [{}, BUSY], ids=["quiet", "busy"])
def test_every_replica_count_is_sized(pattern: str, needs: dict[str, float]) -> None:
    """Every recommended size is an option, and every replica option has a recommended size."""
    advice = answers_for(advised(needs), pattern)
    options = find_pattern(pattern).options
    assert set(advice) - {"pattern"} <= set(options)
    assert {name for name in options if "replicas" in name} <= set(advice)


def test_20_000_requests_a_second_fit_the_generator() -> None:
    """A monolith with a mean of 10,000 and a peak of 20,000 req/s stays within the autoscaler's limit."""
    recommendation = advised({"mean_rps": 10_000, "peak_rps": 20_000})
    service = recommendation.estimates["monolith"].plan.services[0]
    assert service.max_replicas <= 200
    assert answers_for(recommendation, "monolith")["max_replicas"] == service.max_replicas


def test_more_replicas_than_the_generator_takes_are_noted() -> None:
    """Sizes beyond the generator's limits are cut off, and a note says how many are needed."""
    recommendation = advised({"mean_rps": 500_000, "peak_rps": 1_000_000})
    assert answers_for(recommendation, "monolith")["max_replicas"] == 200
    assert any("app needs" in note and "at most 200" in note for note in recommendation.notes)


@pytest.mark.parametrize("pattern", DISTRIBUTED)
def test_services_are_sized_by_their_measured_work(pattern: str) -> None:
    """Services with more measured CPU time per request get more replicas; each has two and can grow.

    Services with workers divide their work between two kinds of processes.
    """
    plan = advised(BUSY).estimates[pattern].plan
    by_work = sorted((s for s in plan.services if not s.workers), key=lambda s: s.cores_peak)
    assert [s.max_replicas for s in by_work] == sorted(s.max_replicas for s in by_work)
    assert by_work[-1].max_replicas > by_work[0].max_replicas
    assert all(2 <= s.replicas < s.max_replicas for s in plan.services)


def test_four_nines_get_three_replicas_of_each_service() -> None:
    """An availability target of 99.99% gives each service at least three replicas."""
    advice = answers_for(advised({"availability": 99.99}), "microservices")
    assert advice["payments_replicas"] == advice["inventory_replicas"] == 3


def flows(*modules: str) -> dict[str, Any]:
    """Return needs whose flows touch these modules, one each."""
    return {
        "flows": [
            {"name": f"change {module}", "kind": "write", "level": "read_your_writes", "modules": [module]}
            for module in modules
        ]
    }


@pytest.mark.parametrize(
    ("modules", "chosen"),
    [
        (("content", "identity"), {"content": True, "contexts": ["identity"]}),
        (("content", "comments"), {"content": True, "contexts": ["identity"]}),
        (("content", "orders"), {"content": True}),
        (("orders", "identity"), {}),
        (("comments",), {}),
    ],
)
def test_contexts_follow_from_the_modules_of_flows(modules: tuple[str, ...], chosen: dict[str, Any]) -> None:
    """Content is chosen if a flow names it, and the shop is left out if none names a module of it."""
    recommendation = advised(flows(*modules))
    for pattern in PATTERNS:
        advice = answers_for(recommendation, pattern)
        del advice["pattern"]
        assert {name: advice[name] for name in ("content", "contexts") if name in advice} == chosen
        assert "contexts" not in advice or "deployables" not in advice
        assert check_answers(find_pattern(pattern), "shop", advice).options.items() >= advice.items()


def test_a_pattern_of_others_gets_no_contexts() -> None:
    """Only the built-in patterns are known to have the options."""
    assert "content" not in answers_for(advised(flows("content")), "functions")
