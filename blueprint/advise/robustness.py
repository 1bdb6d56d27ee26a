"""How firmly the label stands: the share of seeded joint draws of inputs and weights that keep it.

Pure Python on purpose: importing numpy alone would take longer than all draws (docs/decisions). A draw is one byte
that picks one of 256 equally likely quantiles; each input and each term has a stream of its own, so that adding
one does not disturb the others.
"""

import math
import random
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from blueprint.advise.candidates import Candidate
from blueprint.advise.datafiles import load
from blueprint.advise.decide import RULES, Model, measured_gates
from blueprint.advise.plan import Demand
from blueprint.needs.inputs import Input, inputs
from blueprint.needs.model import Needs

Column = Sequence[Any]
QUANTILES = 256


def robustness(needs: Needs, model: Model, label: str) -> float:
    """Share of the draws in which `label` still comes out; the gates that need sizes stay as they are."""
    draws = load("model")["uncertainty"]["draws"]
    columns = _varied(needs, model, draws)
    demand = Demand.of(needs)
    out = {c.name for c in model.candidates if measured_gates(c, needs, demand, model.prices)}
    competing = [c for c in model.candidates if c.name not in out] or list(model.candidates)
    scores = {c.name: _scores(c, columns, needs, draws) for c in competing}
    rivals = [column for name, column in scores.items() if name != label]
    if label not in scores or not rivals:
        return 1.0
    best_rival = rivals[0] if len(rivals) == 1 else list(map(max, *rivals))
    kept = sum(mine >= other for mine, other in zip(scores[label], best_rival, strict=True))
    return kept / draws


def _varied(needs: Needs, model: Model, draws: int) -> Mapping[str, Column]:
    """The inputs that vary and that a term or a rule reads, as columns of one value for each draw."""
    read = {name for c in model.candidates for term in c.terms for name in term.inputs}
    read |= {name for rule in RULES for name in rule.inputs}
    if "burst" in read:
        read |= {"mean_rps", "peak_rps"}
    columns = {n: column for n in sorted(read & set(inputs())) if (column := _column(inputs()[n], needs, draws))}
    if "burst" in read and "peak_rps" in columns and "mean_rps" in columns:
        pairs = zip(columns["peak_rps"], columns["mean_rps"], strict=True)
        columns["burst"] = [max(1.0, peak / mean) for peak, mean in pairs]
    return columns


def _column(spec: Input, needs: Needs, draws: int) -> Column | None:
    settings = load("model")["uncertainty"]
    value = getattr(needs, spec.name)
    assumed = spec.name in needs.assumed
    if spec.spread == "ordered":
        return _neighbours(spec, value, settings["assumed_step"], draws) if assumed else None
    if spec.spread == "none":
        return None
    sd = settings["assumed_sd"] if assumed else settings["answered_sd"]
    whole = spec.whole or 0.0
    outcomes = [_clipped(spec, whole + (value - whole) * math.exp(sd * z)) for z in _normal_quantiles()]
    return _drawn(spec.name, outcomes, draws)


def _neighbours(spec: Input, value: object, probability: float, draws: int) -> Column:
    """An assumed choice: half of `probability` for each neighbour, which at the ends is the choice itself."""
    steps = spec.steps()
    at = steps.index(value)  # type: ignore[arg-type]
    slots = round(QUANTILES * probability / 2)
    below, above = steps[max(0, at - 1)], steps[min(len(steps) - 1, at + 1)]
    outcomes = [below] * slots + [above] * slots + [steps[at]] * (QUANTILES - 2 * slots)
    return _drawn(spec.name, outcomes, draws)


def _clipped(spec: Input, value: float) -> float:
    low, high = spec.minimum, spec.maximum
    value = min(value if high is None else high, max(value if low is None else low, value))
    return round(value) if spec.type == "integer" else value


def _scores(candidate: Candidate, columns: Mapping[str, Column], needs: Needs, draws: int) -> Column:
    """The candidate's score in each draw; minus infinity where a rule shuts it out."""
    facts = needs.facts()
    weights = [math.exp(load("model")["uncertainty"]["weight_sd"] * z) for z in _normal_quantiles()]
    total: Column = [0.0] * draws
    for term in candidate.terms:
        factor = _drawn(f"{candidate.name}/{term.name}", weights, draws)
        if any(name in columns for name in term.inputs):
            points = map(term.points, *_arguments(term.inputs, columns, facts, draws))
            total = [t + p * w for t, p, w in zip(total, points, factor, strict=True)]
        elif fixed := term.points(*[facts[name] for name in term.inputs]):
            total = [t + fixed * w for t, w in zip(total, factor, strict=True)]
    for rule in RULES:
        if rule.concerns(candidate):
            closed = map(rule.closes, *_arguments(rule.inputs, columns, facts, draws))
            total = [-math.inf if shut else t for t, shut in zip(total, closed, strict=True)]
    return total


def _arguments(
    names: Sequence[str], columns: Mapping[str, Column], facts: Mapping[str, Any], draws: int
) -> list[Column]:
    return [columns[name] if name in columns else [facts[name]] * draws for name in names]


def _drawn(stream: str, outcomes: Sequence[Any], draws: int) -> Column:
    seed = load("model")["uncertainty"]["seed"]
    picks = random.Random(f"{seed}/{stream}").randbytes(draws)  # noqa: S311 - a repeatable draw, no secret
    return [outcomes[pick] for pick in picks]


@cache
def _normal_quantiles() -> Sequence[float]:
    """The standard normal at the middle of each of 256 equal slices of probability."""
    upper = [_inverse_normal((slot + 0.5) / QUANTILES) for slot in range(QUANTILES // 2, QUANTILES)]
    return [-z for z in reversed(upper)] + upper


def _inverse_normal(probability: float) -> float:
    low, high = 0.0, 6.0
    for _ in range(30):
        middle = (low + high) / 2
        if (1 + math.erf(middle / math.sqrt(2))) / 2 < probability:
            low = middle
        else:
            high = middle
    return high
