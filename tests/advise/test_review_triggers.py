"""Tests of review triggers: rules that can fire later, never on the first day and never on a target."""

import subprocess
from datetime import date
from pathlib import Path

import pytest
import yaml

from blueprint.advise.recommend import model_with, recommend
from blueprint.advise.review_triggers import prometheus_rules
from blueprint.needs.answers import complete
from blueprint.needs.presets import PRESETS, load_preset
from blueprint.report.review_rules import to_rules_file
from tests.servers.process import program

TODAY = date(2026, 11, 22)
MODEL = model_with()
TELEMETRY = Path(__file__).parents[2] / "templates/shared/python/options/observability/telemetry/metrics.py"


@pytest.mark.parametrize("name", PRESETS)
def test_triggers_are_rules_over_exported_metrics(name: str) -> None:
    """Each trigger is an alerting rule over the request histogram of the shops, or over the date."""
    triggers = recommend(complete(load_preset(name)), MODEL, today=TODAY).review_triggers
    rules = yaml.safe_load(yaml.safe_dump(prometheus_rules(triggers)))
    assert {rule["alert"] for rule in rules} >= {"TrafficPastSizes", "ArchitectureReviewDue"}
    assert '"http_request_duration_seconds"' in TELEMETRY.read_text()
    for rule in rules:
        assert "http_request_duration_seconds_count{" in rule["expr"] or "time()" in rule["expr"]
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["for"]


@pytest.mark.slow
@pytest.mark.parametrize("name", PRESETS)
def test_prometheus_accepts_the_rules(name: str, tmp_path: Path) -> None:
    """Prometheus' own check accepts the file of rules."""
    rules = tmp_path / "review.yaml"
    triggers = recommend(complete(load_preset(name)), MODEL, today=TODAY).review_triggers
    rules.write_text(to_rules_file(triggers))
    command = [program("promtool"), "check", "rules", str(rules)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_break_even_point_that_a_metric_shows_is_a_trigger() -> None:
    """The event rate of a stream has a break-even point, and its rule compares with that value."""
    needs = complete({**load_preset("marketplace"), "workload": "streaming", "consumers": 1})
    r = recommend(needs, MODEL, today=TODAY)
    (point,) = [p for p in r.break_even_points if p.changes[0].input == "events_per_s"]
    (trigger,) = [t for t in r.review_triggers if t.name == "EventRatePastBreakEven"]
    assert trigger.threshold == point.changes[0].to
    assert trigger.expr.endswith(f">= {point.changes[0].to:.10g}")


def test_facts_without_a_metric_are_questions_of_the_review() -> None:
    """The review date asks about team and consumers, which no metric shows."""
    (due,) = recommend(complete(load_preset("growing-shop")), MODEL, today=TODAY).review_triggers[-1:]
    assert "2027-05-23" in due.summary
    assert "engineers >= 115" in due.summary
