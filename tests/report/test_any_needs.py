"""What holds of the recommendation for any needs, and of what is made from it.

One test has all properties, because most of its time is the recommendation.
"""

import json
import math
from datetime import UTC, date, datetime
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from blueprint.advise.generator_options import answers_for
from blueprint.advise.next_steps import MOVES, next_steps
from blueprint.advise.recommend import model_with, recommend
from blueprint.advise.result import Recommendation
from blueprint.cli.advice import ProjectAdvice
from blueprint.needs.inputs import inputs
from blueprint.needs.model import Needs
from blueprint.patterns import check_answers, list_patterns
from blueprint.report.as_json import to_json
from blueprint.report.json_schema import recommendation_schema
from tests.advise.needs import any_needs

TODAY = date(2026, 11, 22)
MODEL = model_with()
PATTERNS = list_patterns()
SCHEMA = jsonschema.Draft202012Validator(recommendation_schema())
BY_COMMAND: dict[str, Any] = {"defaults": None, "written": []}
"""What the command adds to a recommendation."""


@pytest.mark.slow
@given(any_needs())
def test_any_needs_get_a_complete_recommendation(needs: Needs) -> None:
    """For any valid needs, the recommendation is complete, valid by its schema, and can be generated."""
    r = recommend(needs, MODEL, today=TODAY)
    check_estimates(r)
    check_triggers(r, needs)
    check_next_steps(r)
    check_sizes(r)
    SCHEMA.validate({**json.loads(json.dumps(to_json(r), allow_nan=False)), **BY_COMMAND})


def check_estimates(r: Recommendation) -> None:
    """All estimates are positive and finite."""
    for estimate in r.estimates.values():
        assert 0 < estimate.p95_ms < math.inf
        assert 0 < estimate.availability < 1
        assert 0 < estimate.monthly_usd < math.inf
    assert 0 <= r.confidence.robustness <= 1
    assert len(r.costs) == 3


def check_triggers(r: Recommendation, needs: Needs) -> None:
    """Every rate threshold is at least a fifth above what the needs expect, and the date is in the future."""
    assert r.review_triggers
    expected = {spec.short: getattr(needs, name) for name, spec in inputs().items()}
    now = datetime.combine(TODAY, datetime.min.time(), UTC).timestamp()
    for trigger in r.review_triggers:
        limit = now if trigger.metric == "date" else 1.19 * expected[trigger.metric]
        assert trigger.threshold > limit


def check_next_steps(r: Recommendation) -> None:
    """There is a first step, and for each other pattern a cost and a way to move."""
    steps = next_steps(r)
    others = {name for name in r.scores if name != r.pattern}
    assert steps.first
    assert set(steps.if_wrong) == set(steps.later) == others
    assert all(steps.later[other] == MOVES[r.pattern, other] for other in others)


def check_sizes(r: Recommendation) -> None:
    """The sizes of each pattern are within the limits of its options."""
    for pattern in PATTERNS:
        advice = answers_for(r, pattern.name)
        assert advice.pop("pattern") == pattern.name
        if "stack" in advice:
            # A stack does not have every option yet; `new` leaves out what it lacks.
            advice = dict(ProjectAdvice(r).options(pattern, {}))
        assert check_answers(pattern, "shop", advice).options.items() >= advice.items()
