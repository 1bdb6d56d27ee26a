"""Outcome for other values of some inputs, computed fast: only what depends on these inputs is recomputed."""

from collections.abc import Callable, Sequence
from typing import Any

from blueprint.advise.candidates import Candidate
from blueprint.advise.capacity_plan import Demand
from blueprint.advise.decide import NO_PATTERN, Model, rules_for
from blueprint.advise.hosting.choice import HOST_FACTS
from blueprint.advise.targets import CLOSING_INPUTS, is_closed, is_surely_open
from blueprint.needs.facts import DERIVED_FACTS, derived
from blueprint.needs.inputs import InputValue
from blueprint.needs.model import Needs

# Inputs of the gates that depend on sizes.
SIZING = frozenset({*Demand._fields, *HOST_FACTS, "p95_ms", "consistency"})

OutcomeOf = Callable[..., str]


def what_if(needs: Needs, model: Model, names: Sequence[str]) -> OutcomeOf:
    """Return the function from values of the inputs `names` to the outcome, equal to that of `decide`."""
    following = [name for name, fact in DERIVED_FACTS.items() if {*fact.inputs} & {*names}]
    changing = {*names, *following}
    facts = needs.facts()
    parts = [partial_score(candidate, facts, changing) for candidate in model.candidates]
    rules = [rules_for(candidate, needs.assumed - changing) for candidate in model.candidates]
    demand = Demand.of(needs)
    sizing = bool(SIZING & changing)
    if sizing and not CLOSING_INPUTS & changing:
        sizing = not all(is_surely_open(c, needs, demand) for c in model.candidates)
    closed_now = {
        c.name for c in model.candidates if not sizing and is_closed(c, needs, demand, model.prices)
    }

    def label(*values: InputValue) -> str:
        tried = dict(zip(names, values, strict=True))
        now = facts | tried
        now |= derived(now, following)
        ranked = sorted(((score(now), -order) for order, score in enumerate(parts)), reverse=True)
        changed: Needs | None = None
        for _, order in ranked:
            candidate = model.candidates[-order]
            if any(rule.closes(*[now[n] for n in rule.inputs]) for rule in rules[-order]):
                continue
            if sizing:
                changed = changed or needs.change(tried)
                if is_closed(candidate, changed, Demand.of(changed), model.prices):
                    continue
            elif candidate.name in closed_now:
                continue
            return candidate.name
        return NO_PATTERN

    return label


def partial_score(
    candidate: Candidate, facts: dict[str, Any], changing: set[str]
) -> Callable[[dict[str, Any]], float]:
    """Return the score as a function of the facts; terms without a changing input are summed up once."""
    terms = [(t.points, t.inputs) for t in candidate.terms if changing & {*t.inputs}]
    still = [t for t in candidate.terms if not changing & {*t.inputs}]
    fixed = sum(t.points(*[facts[name] for name in t.inputs]) for t in still)
    return lambda now: fixed + sum([points(*[now[name] for name in inputs]) for points, inputs in terms])
