"""Tests of the stacks: what the team knows decides, and the report says what each stack costs."""

from datetime import date
from typing import Any

import pytest

from blueprint.advise.candidates import BUILT_IN, candidate_from
from blueprint.advise.datafiles import load
from blueprint.advise.generator_options import answers_for
from blueprint.advise.recommend import model_with, recommend
from blueprint.advise.result import Recommendation
from blueprint.advise.stacks import choose_stack, stack_names
from blueprint.cli.advice import advice_for
from blueprint.needs.answers import complete
from blueprint.needs.inputs import inputs
from blueprint.needs.presets import load_preset
from blueprint.patterns import Choice, check_answers, find_pattern, list_patterns

SMALL = load_preset("small-shop")


def advised(answers: dict[str, Any], *others: Any) -> Recommendation:
    """Return the recommendation for some answers."""
    return recommend(complete(answers), model_with(others), today=date(2026, 11, 22))


def test_the_stack_that_the_team_knows_is_recommended() -> None:
    """A team that knows Java gets Spring Boot, one that knows Python or nothing gets Python."""
    names = {known: advised({**SMALL, "stack": known}).stack.name for known in ("any", "python", "spring")}
    assert names == {"any": "python", "python": "python", "spring": "spring"}
    assert "nobody said" in advised(SMALL).stack.reason


def test_the_stack_changes_no_pattern() -> None:
    """Scores, gates and groupings are those of Python, whatever the team knows."""
    known, other = (advised({**load_preset("marketplace"), "stack": name}) for name in ("spring", "python"))
    assert (known.pattern, known.scores, known.gates) == (other.pattern, other.scores, other.gates)
    assert [g.groups for g in known.groupings] == [g.groups for g in other.groupings]


def test_each_stack_is_shown_with_what_it_costs() -> None:
    """CPU time and memory of Java follow from the measured ratios, and it takes more CPU time to start."""
    python, spring = advised({**SMALL, "mean_rps": 300, "peak_rps": 900}).stacks
    assert (python.name, spring.name) == ("python", "spring")
    ratios = load("stacks")["stacks"]["spring"]["cpu_ratio"]["value"].values()
    assert min(ratios) < spring.cpu_ms / python.cpu_ms < max(ratios)
    assert spring.memory_mib > python.memory_mib
    assert spring.start_cpu_s > python.start_cpu_s


def test_sizes_and_bill_are_of_the_recommended_stack() -> None:
    """If Java is recommended, the estimate and the answers for the generator are those of Java."""
    r = advised({**SMALL, "mean_rps": 300, "peak_rps": 900, "stack": "spring"})
    spring = r.stacks[1]
    assert (r.estimate.monthly_usd, r.estimate.plan.memory_mib) == (spring.usd_month, spring.memory_mib)
    answers = answers_for(r)
    assert (answers["stack"], answers["memory_mib"]) == ("spring", spring.memory_mib)
    assert "stack" not in answers_for(advised(SMALL))


def test_streams_are_consumed_in_the_stack_that_the_team_knows() -> None:
    """Analytics consume them; sizes, bill and answers include that service in Java."""
    needs = {**load_preset("realtime-analytics"), "stack": "spring"}
    r = advised(needs)
    assert (r.pattern, r.stack.name) == ("event-driven", "spring")
    assert "analytics" in [service.name for service in r.estimate.plan.services]
    answers = answers_for(r)
    assert {"analytics_replicas", "analytics_max_replicas", "retention_hours"} <= answers.keys()
    options = advice_for(needs).options(find_pattern("event-driven"), {})
    assert check_answers(find_pattern("event-driven"), "shop", options).options["stack"] == "spring"


@pytest.mark.parametrize("modules", [["orders", "content"], ["content"], ["orders"]])
def test_content_is_generated_in_the_stack_that_the_team_knows(modules: list[str]) -> None:
    """Every pattern has articles in both stacks, with a shop and without one."""
    flows = [{"name": "read", "kind": "read", "level": "eventual", "modules": modules}]
    advice = advice_for({**SMALL, "stack": "spring", "flows": flows})
    for pattern in list_patterns():
        if pattern.name in BUILT_IN:
            answers = advice.options(pattern, {})
            assert answers["stack"] == "spring"
            assert check_answers(pattern, "shop", answers).options["content"] is ("content" in modules)


def test_the_generator_has_the_stacks_that_are_advised() -> None:
    """Each built-in pattern has each stack as an option, and each stack can be answered."""
    for name in BUILT_IN:
        option = find_pattern(name).options["stack"]
        assert isinstance(option, Choice)
        assert set(option.choices) == set(stack_names())
    assert set(inputs()["stack"].choices) == {"any", *stack_names()}


@pytest.mark.slow
@pytest.mark.parametrize("preset", ["small-shop", "growing-shop", "marketplace"])
def test_a_project_takes_what_is_advised_for_a_stack(preset: str) -> None:
    """What a stack does not have is left out of the advice, and the rest is valid together."""
    answers = {**load_preset(preset), "stack": "spring"}
    for pattern in list_patterns():
        if pattern.name in BUILT_IN:
            options = advice_for(answers).options(pattern, {})
            checked = check_answers(pattern, "shop", options).options
            assert checked.items() >= options.items()
            assert checked.get("stack") == choose_stack(complete(answers), pattern.name).name


def test_a_template_authors_pattern_has_no_stacks() -> None:
    """A pattern that is not built in is not compared by stack."""
    terms = {"terms": [{"name": "always", "points": 20}]}
    r = advised({**SMALL, "stack": "spring"}, candidate_from("functions", "Functions", terms))
    assert (r.pattern, r.stack.name, r.stacks) == ("functions", "any", ())
    assert "stack" not in answers_for(r)
