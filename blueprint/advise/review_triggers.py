"""Review triggers: Prometheus rules that fire once the decision is due for a review.

A trigger watches a metric that every generated shop exports, or the calendar. Its threshold is above
everything that the needs expect, so it cannot fire on the first day. Targets are not triggers: missing one
calls for a repair, not for another architecture.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from blueprint.advise.break_even import BreakEvenPoint, InputChange
from blueprint.advise.capacity_plan import CapacityPlan
from blueprint.advise.datafiles import load
from blueprint.advise.formatting import change_text, number_text, outcome_text, sentence_case
from blueprint.advise.result import ReviewTrigger
from blueprint.needs.inputs import inputs
from blueprint.needs.model import Needs


class Watched(NamedTuple):
    """An input that a generated shop exports as a metric: its rate in PromQL, and how long it must last."""

    rule: str
    rate: str
    duration: str


REQUESTS = 'sum(rate(http_request_duration_seconds_count{job="shop",route=~"/v1/.+"}[%s]))'
WRITES = 'sum(rate(http_request_duration_seconds_count{job="shop",route=~"/v1/.+",method!="GET"}[%s]))'
WATCHED: Mapping[str, Watched] = {
    "peak_rps": Watched("PeakTrafficPastBreakEven", REQUESTS % "5m", "15m"),
    "mean_rps": Watched("MeanTrafficPastBreakEven", REQUESTS % "1d", "1h"),
    "events_per_s": Watched("EventRatePastBreakEven", WRITES % "1h", "1h"),
}
# Facts about people and partners: no metric shows them, so they are questions of the next review.
ASKED = ("engineers", "teams", "waiting_percent", "releases_per_week", "consumers", "domain", "stage")
DAYS_PER_MONTH = 30.4


def review_triggers(
    needs: Needs, plan: CapacityPlan, found: Sequence[BreakEvenPoint], today: date
) -> tuple[ReviewTrigger, ...]:
    """Return the break-even points that metrics show, the limit of the sizes, and the date of the review."""
    return (*_past_break_even(needs, found), _past_sizes(needs, plan), _review_date(found, today))


def prometheus_rules(triggers: Sequence[ReviewTrigger]) -> list[dict[str, Any]]:
    """Return the triggers as alerting rules of Prometheus."""
    return [
        {
            "alert": trigger.name,
            "expr": trigger.expr,
            "for": trigger.duration,
            "labels": {"severity": "info"},
            "annotations": {"summary": trigger.summary},
        }
        for trigger in triggers
    ]


def _past_break_even(needs: Needs, found: Sequence[BreakEvenPoint]) -> list[ReviewTrigger]:
    margin = load("model")["review_triggers"]["margin"]
    triggers = []
    for point in found:
        (change,) = point.changes
        watched = WATCHED.get(change.input)
        if watched and change.rising and float(change.to or 0) >= margin * getattr(needs, change.input):
            triggers.append(_trigger(watched, change, point.label))
    return triggers


def _trigger(watched: Watched, change: InputChange, label: str) -> ReviewTrigger:
    threshold = float(change.to or 0)
    return ReviewTrigger(
        name=watched.rule,
        metric=inputs()[change.input].short,
        threshold=threshold,
        unit=inputs()[change.input].unit,
        expr=f"{watched.rate} >= {threshold:.10g}",
        duration=watched.duration,
        summary=f"{sentence_case(change_text(change))}: {outcome_text(label)}. Repeat the recommendation.",
    )


def _past_sizes(needs: Needs, plan: CapacityPlan) -> ReviewTrigger:
    """Return the trigger for more traffic than the sizes can carry, with an autoscaler at its limit."""
    room = min(service.max_replicas / service.replicas_at_peak for service in plan.services)
    limit = float(f"{needs.peak_rps * max(room, load('model')['review_triggers']['margin']):.3g}")
    return ReviewTrigger(
        name="TrafficPastSizes",
        metric="peak traffic",
        threshold=limit,
        unit="req/s",
        expr=f"{REQUESTS % '5m'} >= {limit:.10g}",
        duration="15m",
        summary=f"Peak traffic >= {number_text(limit)} req/s: the sizes are near their limit. "
        "Repeat the recommendation with measured rates.",
    )


def _review_date(found: Sequence[BreakEvenPoint], today: date) -> ReviewTrigger:
    months = load("model")["review_triggers"]["review_months"]
    due = today + timedelta(days=round(months * DAYS_PER_MONTH))
    seconds = int(datetime.combine(due, time(), UTC).timestamp())
    conditions = [change_text(p.changes[0]) for p in found if p.changes[0].input in ASKED]
    questions = f" Check whether {' or '.join(conditions)}." if conditions else ""
    return ReviewTrigger(
        name="ArchitectureReviewDue",
        metric="date",
        threshold=seconds,
        unit="seconds since 1970",
        expr=f"vector(time()) >= {seconds}",
        duration="1h",
        summary=f"The decision is {months} months old on {due.isoformat()}. "
        f"Repeat the recommendation with measured rates.{questions}",
    )
