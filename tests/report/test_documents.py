"""Tests of the terminal tables, the JSON object and the decision records."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import blueprint.report
from blueprint.advise.formatting import break_even_text
from blueprint.advise.recommend import model_with, recommend
from blueprint.advise.result import Recommendation
from blueprint.needs.answers import complete
from blueprint.needs.presets import PRESETS, load_preset
from blueprint.report.adr import decision_records
from blueprint.report.as_json import to_json
from blueprint.report.html.page import to_html
from blueprint.report.json_schema import recommendation_schema
from blueprint.report.terminal import to_text

DAY = date(2026, 11, 22)


def advised(name: str) -> Recommendation:
    """Return the recommendation for a preset."""
    return recommend(complete(load_preset(name)), model_with(), today=DAY)


@pytest.mark.parametrize("name", PRESETS)
def test_the_json_adds_up(name: str) -> None:
    """The points in the JSON object add up to the scores, and the lines of a bill to its total."""
    document = json.loads(json.dumps(to_json(advised(name)), allow_nan=False))
    assert document["schema"] == 2
    for pattern, score in document["scores"].items():
        lines = [line["points"] for line in document["score_breakdown"] if line["pattern"] == pattern]
        assert sum(lines) == pytest.approx(score, abs=0.005)
    for cost in document["costs"]:
        assert sum(cost["lines"].values()) == pytest.approx(cost["base"], abs=0.1)
    assert document["answers"]["pattern"] == document["pattern"]


def test_the_json_has_its_documented_keys() -> None:
    """Every key of the JSON object is documented in docs/reference/recommendation-output.md."""
    text = (Path(__file__).parents[2] / "docs/reference/recommendation-output.md").read_text()
    for key in to_json(advised("cms")):
        assert f"`{key}`" in text


PUBLISHED = Path(blueprint.report.__file__).with_name("recommendation.schema.json")


BY_COMMAND: dict[str, Any] = {"defaults": None, "written": []}
"""What the command adds to a recommendation."""


def test_the_published_schema_is_that_of_the_output(regenerate: bool) -> None:
    """The published schema equals the one generated from the types of the recommendation."""
    text = json.dumps(recommendation_schema(), indent=2) + "\n"
    if regenerate:
        PUBLISHED.write_text(text)
    assert PUBLISHED.read_text() == text


@pytest.mark.slow
@pytest.mark.parametrize(
    "answers",
    [
        *[load_preset(name) for name in PRESETS],
        {},
        {"budget_usd_month": 10},
        {"mean_rps": 50, "peak_rps": 50_000, "availability": 99.999},
        {"p95_ms": 5, "service_ms": 80},
    ],
)
def test_outputs_are_valid_by_the_schema(answers: dict[str, Any]) -> None:
    """The JSON of every preset, of defaults and of impossible needs is valid by the published schema."""
    schema = json.loads(PUBLISHED.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    document = to_json(recommend(complete(answers), model_with(), today=DAY))
    jsonschema.validate({**json.loads(json.dumps(document, allow_nan=False)), **BY_COMMAND}, schema)


def test_an_unknown_key_is_not_valid_by_the_schema() -> None:
    """The schema names every key, so that a misspelled one is noticed."""
    document = {**json.loads(json.dumps(to_json(advised("cms")))), **BY_COMMAND}
    jsonschema.validate(document, recommendation_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**document, "patern": "monolith"}, recommendation_schema())


@pytest.mark.parametrize("explain", [False, True])
def test_the_table_shows_everything(explain: bool) -> None:
    """The tables contain all terms with points, break-even points, triggers, claims, bills and caveats."""
    r = advised("growing-shop")
    text = to_text(r, explain=explain, width=400)
    assert r.title in text
    for line in r.score_breakdown:
        if line.points:
            assert line.term in text
    for point in (*r.break_even_points[:6], *r.joint_break_even_points):
        assert break_even_text(point) in text
    for trigger in r.review_triggers:
        assert trigger.summary in text
    assert "500 req/s at 200 ms" in text
    assert f"unchanged in {r.confidence.robustness:.0%} of 4,000 simulated variations" in text
    assert "Review this decision when an alert fires" in text
    assert "Monthly bill on ECS on Fargate" in text
    assert "not verified" in text
    assert "older than 180 days" in text
    assert ("Assumed answers" in text) is explain


def test_the_tables_fit_a_narrow_terminal() -> None:
    """In a terminal of 80 columns, no line is longer, and nothing is cut off."""
    text = to_text(advised("marketplace"), explain=True, width=80)
    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text
    estimates = text[text.index("Estimates") : text.index("Where it runs")]
    assert "\n microservices " in estimates


def test_colors_are_used_only_on_request() -> None:
    """Without color, the text has no escape sequences."""
    r = advised("cms")
    assert "\x1b" not in to_text(r, explain=False)
    assert "\x1b" in to_text(r, explain=False, color=True)


HEADINGS = [
    "## Context and Problem Statement",
    "## Decision Drivers",
    "## Considered Options",
    "## Decision Outcome",
    "### Consequences",
    "### Confirmation",
    "## Pros and Cons of the Options",
    "## More Information",
]


def test_the_record_has_the_madr_format() -> None:
    """The record has front matter, the headings in order, and the review triggers below Confirmation."""
    (record,) = decision_records(advised("cms"), DAY)
    assert record.text.startswith(
        "---\nstatus: proposed\ndate: 2026-11-22\n---\n\n# Build the system as a modular"
    )
    positions = [record.text.index(f"\n{heading}\n") for heading in HEADINGS]
    assert positions == sorted(positions)
    confirmation = record.text[positions[5] : positions[6]]
    for trigger in advised("cms").review_triggers:
        assert trigger.summary in confirmation


@pytest.mark.slow
def test_a_runner_up_that_fails_a_gate_can_be_ahead() -> None:
    """A runner-up with a higher score that fails a gate is ahead, not a negative number of points behind."""
    answers, model = load_preset("marketplace"), model_with()
    usual = recommend(complete(answers), model, today=DAY).estimates
    between = (usual["monolith"].low_usd + usual["microservices"].low_usd) / 2
    r = recommend(complete({**answers, "budget_usd_month": between}), model, today=DAY)
    assert (r.pattern, r.runner_up.pattern) == ("monolith", "microservices")
    assert r.runner_up.gap < 0
    expected = f"{-r.runner_up.gap:.2f} points ahead, but excluded by a gate"
    assert expected in to_text(r, explain=False, width=200)
    assert expected in to_html(r, model)


def test_a_close_call_has_two_records() -> None:
    """A close call gives two proposed records, one for each of the two patterns."""
    needs = complete({**load_preset("growing-shop"), "engineers": 90})
    first, second = decision_records(recommend(needs, model_with(), today=DAY), DAY)
    assert (first.suffix, second.suffix) == ("", "-or-microservices")
    assert "Chosen option: **monolith**" in first.text
    assert "Chosen option: **microservices**" in second.text
    assert "status: proposed" in first.text
    assert "status: proposed" in second.text
    for record in (first, second):
        assert "Monthly infrastructure cost of monolith in USD" in record.text
    assert "one of these alerts fires." in first.text
    assert "the sizes are those of monolith." in second.text


def test_text_from_a_file_cannot_break_the_record() -> None:
    """Markdown in the name of a flow is removed."""
    flow = {"name": "pay | <b>x</b> [y](z)", "level": "strong", "modules": ["a`b"]}
    needs = complete({"flows": [flow], "engineers": 4})
    (record,) = decision_records(recommend(needs, model_with(), today=DAY), DAY)
    assert "<b>" not in record.text
    assert "](z)" not in record.text
    assert "a`b" not in record.text
