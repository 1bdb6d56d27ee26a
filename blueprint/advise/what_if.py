"""Trying out other answers, many times: only what depends on the inputs that move is computed again."""

from collections.abc import Callable, Sequence
from typing import Any

from blueprint.advise.candidates import Candidate
from blueprint.advise.capacity_plan import Demand
from blueprint.advise.decide import NO_PATTERN, RULES, Model, measured_gates
from blueprint.needs.inputs import InputValue
from blueprint.needs.model import Needs

SIZING = frozenset(
    {
        *(
            "mean_rps",
            "peak_rps",
            "events_per_s",
            "workload",
            "scale_skew",
            "availability",
            "p95_ms",
            "service_ms",
        ),
        *("read_fraction", "payload_kb", "data_gb", "growth_gb_month", "catalogue_items", "catalogue_skew"),
        *("budget_usd_month", "cloud"),
    }
)

OutcomeOf = Callable[..., str]


def what_if(needs: Needs, model: Model, names: Sequence[str]) -> OutcomeOf:
    """A function from new values of the inputs `names` to the outcome that `decide` would give."""
    moving = {*names} | ({"burst"} if {"mean_rps", "peak_rps"} & {*names} else set())
    facts = needs.facts()
    parts = [partial_score(candidate, facts, moving) for candidate in model.candidates]
    sizing = bool(SIZING & moving)
    closed_now = {
        c.name
        for c in model.candidates
        if not sizing and measured_gates(c, needs, Demand.of(needs), model.prices)
    }

    def label(*values: InputValue) -> str:
        tried = dict(zip(names, values, strict=True))
        now = facts | tried
        if "burst" in moving:
            now["burst"] = now["peak_rps"] / now["mean_rps"]
        ranked = sorted(((score(now), -order) for order, score in enumerate(parts)), reverse=True)
        moved: Needs | None = None
        for _, order in ranked:
            candidate = model.candidates[-order]
            if any(r.concerns(candidate) and r.closes(*[now[n] for n in r.inputs]) for r in RULES):
                continue
            if sizing:
                moved = moved or needs.change(tried)
                if measured_gates(candidate, moved, Demand.of(moved), model.prices):
                    continue
            elif candidate.name in closed_now:
                continue
            return candidate.name
        return NO_PATTERN

    return label


def partial_score(
    candidate: Candidate, facts: dict[str, Any], moving: set[str]
) -> Callable[[dict[str, Any]], float]:
    """The candidate's score as a function of the facts, with the terms that do not move summed up once."""
    terms = [(t.points, t.inputs) for t in candidate.terms if moving & {*t.inputs}]
    still = [t for t in candidate.terms if not moving & {*t.inputs}]
    fixed = sum(t.points(*[facts[name] for name in t.inputs]) for t in still)
    return lambda now: fixed + sum([points(*[now[name] for name in inputs]) for points, inputs in terms])
