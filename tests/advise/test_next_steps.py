"""Tests of the next steps: what to do first, what it costs to be wrong, and how to move later."""

from datetime import date
from typing import Any

import pytest

from blueprint.advise.candidates import CONTEXTS
from blueprint.advise.next_steps import NextSteps, next_steps
from blueprint.advise.recommend import model_with, recommend
from blueprint.advise.result import Recommendation, Today
from blueprint.needs.answers import complete
from blueprint.needs.model import Needs
from blueprint.needs.presets import load_preset

TEAM = {"engineers": 200, "teams": 25, "waiting_percent": 60, "ops_maturity": 5, "domain": "stable"}


def advised(answers: dict[str, Any] | Needs) -> tuple[Recommendation, NextSteps]:
    """Return the recommendation for some answers, and its next steps."""
    needs = answers if isinstance(answers, Needs) else complete(answers)
    r = recommend(needs, model_with(), today=date(2026, 11, 22))
    return r, next_steps(r)


def test_a_needless_split_costs_its_bill_and_its_people() -> None:
    """If the monolith had been right, the price is what microservices cost more, with people named apart."""
    r, steps = advised({**TEAM, "releases_per_week": 5})
    assert r.pattern == "microservices"
    assert "a month more than monolith costs" in steps.if_wrong["monolith"]
    assert "for people" in steps.if_wrong["monolith"]


def test_a_missing_split_costs_what_speaks_for_it() -> None:
    """If microservices had been right, one does without their advantages, and pays less until one moves."""
    r, steps = advised({**TEAM, "engineers": 30, "teams": 4, "domain": "new"})
    assert r.pattern == "monolith"
    assert "people who wait" not in steps.if_wrong["event-driven"]
    assert "people wait for the releases of other teams" in steps.if_wrong["microservices"]
    assert "a month less" in steps.if_wrong["microservices"]


def test_open_questions_come_first() -> None:
    """Before anything else, the questions are answered that the confidence depends on."""
    _, steps = advised({})
    assert steps.first[0].startswith("Answer these questions")
    _, steps = advised({"budget_usd_month": 10})
    assert steps.first[0].startswith("Relax a target")


def test_a_content_site_is_not_told_to_place_orders() -> None:
    """Only projects with a shop have `make bench`."""
    for name, expected in (("cms", False), ("small-shop", True)):
        _, steps = advised(complete(load_preset(name)))
        assert any("make bench" in step for step in steps.first) == expected


def test_a_few_services_begin_with_a_command() -> None:
    """Where one begins with a monolith, the steps say how to begin with a service that commands divide."""
    r, steps = advised({**TEAM, "cross_module_tx": "many"})
    assert (r.pattern, r.architecture.structure) == ("monolith", "few")
    assert any("--set deployables='[[" in step for step in steps.first)
    assert any("Its first step is then `blueprint promote catalog`" in step for step in steps.first)


@pytest.mark.parametrize(
    ("project", "says"),
    [
        (Today("monolith", None), "Move one module at a time into a service."),
        (Today("event-driven", None), "Replace one topic at a time by a call"),
        (Today("microservices", None), "Keep the pattern of your project: microservices"),
        (Today("django", None), "Create a project of the recommended pattern"),
        (Today("microservices", (CONTEXTS,)), "Run `blueprint promote"),
    ],
    ids=lambda value: value.pattern if isinstance(value, Today) else "",
)
def test_the_first_step_begins_with_the_project(project: Today, says: str) -> None:
    """The first step of a team with a project is a change of that project, and not a new one."""
    r = recommend(complete(TEAM), model_with(), today=date(2026, 11, 22), project=project)
    assert r.pattern == "microservices"
    assert says in next_steps(r).first[0] + next_steps(r).first[1]
    assert not any("blueprint new" in step for step in next_steps(r).first)
