"""Robustness: the share of seeded random samples of inputs and weights that keep the label.

Pure Python: importing numpy alone takes longer than all samples (docs/decisions/0020-pure-python-samples.md).
A sample is one byte that picks one of 256 equally likely outcomes, so a term is evaluated 256 times and
looked up 4,000 times. Each input and each term has a separate random stream, so adding one leaves the others
unchanged.
"""

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import repeat
from operator import add, ge, mul
from typing import Any, NamedTuple

from blueprint.advise.candidates import Candidate
from blueprint.advise.capacity_plan import Demand
from blueprint.advise.datafiles import load
from blueprint.advise.decide import RULES, Model
from blueprint.advise.targets import Target, targets_of
from blueprint.needs.facts import DERIVED_FACTS, base_inputs
from blueprint.needs.inputs import Input, inputs
from blueprint.needs.model import Needs

QUANTILES = 256
# From the previous quantile, so many are enough for the last digit.
NEWTON_STEPS = 6
# What an exclusion takes from a score. It is finite, so that the scores decide if every pattern is excluded.
EXCLUDED = -1e6


class Samples(NamedTuple):
    """Equally likely outcomes, and the index of the outcome that each sample picks."""

    outcomes: Sequence[Any]
    picks: Sequence[int]

    def map(self, function: Callable[[Any], Any]) -> "Samples":
        """Return the same picks of the outcomes that `function` returns."""
        return Samples(list(map(function, self.outcomes)), self.picks)

    def values(self) -> Iterator[Any]:
        """Return the outcome of each sample."""
        return map(self.outcomes.__getitem__, self.picks)


def robustness(needs: Needs, model: Model, label: str) -> float:
    """Return the share of the samples in which `label` wins; estimates against targets vary as well."""
    samples = load("model")["uncertainty"]["samples"]
    varied = _varied(needs, model)
    demand = Demand.of(needs)
    targets = {c.name: targets_of(c, needs, demand, model.prices) for c in model.candidates}
    competing = [c for c in model.candidates if not any(target.closes for target in targets[c.name])]
    facts = needs.facts()
    closed = {rule.id: _outcome(rule.closes, rule.inputs, varied, facts, samples) for rule in RULES}
    scores = {}
    for candidate in competing or model.candidates:
        exclusions = [closed[rule.id] for rule in RULES if rule.concerns(candidate)]
        exclusions += [_missed(target) for target in targets[candidate.name]]
        scores[candidate.name] = _scores(candidate, exclusions, varied, facts, samples)
    rivals = [column for name, column in scores.items() if name != label]
    if label not in scores or not rivals:
        return 1.0
    best_rival = rivals[0] if len(rivals) == 1 else map(max, *rivals)
    unchanged = sum(map(ge, scores[label], best_rival))
    return float(unchanged / samples)


def _varied(needs: Needs, model: Model) -> Mapping[str, Samples]:
    """Return the samples of the facts that vary and that a term or a rule reads."""
    read = {name for c in model.candidates for term in c.terms for name in term.inputs}
    read |= {name for rule in RULES for name in rule.inputs}
    following = [name for name in DERIVED_FACTS if name in read]
    read |= {name for fact in following for name in base_inputs(fact)}
    varied = {
        n: samples for n in sorted(read & set(inputs())) if (samples := _samples_of(inputs()[n], needs))
    }
    facts, samples = needs.facts(), load("model")["uncertainty"]["samples"]
    for name in following:
        outcome = _outcome(DERIVED_FACTS[name].of, base_inputs(name), varied, facts, samples)
        if isinstance(outcome, Samples):
            varied[name] = outcome
    return varied


def _samples_of(spec: Input, needs: Needs) -> Samples | None:
    settings = load("model")["uncertainty"]
    value = getattr(needs, spec.name)
    assumed = spec.name in needs.assumed
    if spec.spread == "ordered":
        return _sampled(spec.name, _neighbors(spec, value, settings["assumed_step"])) if assumed else None
    if spec.spread == "none":
        return None
    whole = spec.whole or 0.0
    factors = _factors(settings["assumed_sd"] if assumed else settings["answered_sd"])
    return _sampled(spec.name, _clipped(spec, [whole + (value - whole) * factor for factor in factors]))


def _neighbors(spec: Input, value: object, probability: float) -> list[Any]:
    """Return the outcomes of an assumed choice: each neighbor has half of `probability`.

    At an end, the choice itself takes the place of the missing neighbor.
    """
    steps = spec.steps()
    at = [step == value for step in steps].index(True)
    slots = round(QUANTILES * probability / 2)
    below, above = steps[max(0, at - 1)], steps[min(len(steps) - 1, at + 1)]
    return [below] * slots + [above] * slots + [steps[at]] * (QUANTILES - 2 * slots)


def _clipped(spec: Input, values: Sequence[float]) -> Sequence[float]:
    """Return the values within the range of an input, and whole ones if it is an integer."""
    low = -math.inf if spec.minimum is None else spec.minimum
    high = math.inf if spec.maximum is None else spec.maximum
    clipped = [low if value < low else high if value > high else value for value in values]
    return list(map(round, clipped)) if spec.type == "integer" else clipped


def _scores(
    candidate: Candidate,
    exclusions: Sequence[Any],
    varied: Mapping[str, Samples],
    facts: Mapping[str, Any],
    samples: int,
) -> list[float]:
    """Return the score in each sample, reduced by EXCLUDED where one of `exclusions` is true."""
    weights = _factors(load("model")["uncertainty"]["weight_sd"])
    columns: list[Iterator[float]] = [repeat(0.0, samples)]
    for term in candidate.terms:
        factors = _sampled(f"{candidate.name}/{term.name}", weights)
        points = _outcome(term.points, term.inputs, varied, facts, samples)
        if isinstance(points, Samples):
            if any(points.outcomes):
                columns.append(map(mul, points.values(), factors.values()))
        elif points:
            columns.append(factors.map(points.__mul__).values())
    total: list[float] = list(map(sum, zip(*columns, strict=True)))
    for closed in exclusions:
        if isinstance(closed, Samples):
            if any(closed.outcomes):
                total = list(map(add, total, closed.map(EXCLUDED.__mul__).values()))
        elif closed:
            total = [score + EXCLUDED for score in total]
    return total


def _missed(target: Target) -> Any:
    """Return the samples in which the estimate misses its target, or one value if all agree.

    All patterns share the stream of a target: an error of the model moves all of their estimates.
    """
    limit = target.slack * target.limit
    outcomes = [target.estimate * factor > limit for factor in _factors(target.sd)]
    return _sampled(target.id, outcomes) if len({*outcomes}) > 1 else outcomes[0]


def _outcome(
    function: Callable[..., Any],
    names: Sequence[str],
    varied: Mapping[str, Samples],
    facts: Mapping[str, Any],
    samples: int,
) -> Any:
    """Return the values of a function of some inputs: Samples if one of them varies, else one value."""
    fixed = [facts[name] for name in names]
    moving = [place for place, name in enumerate(names) if name in varied]
    if not moving:
        return function(*fixed)
    if len(moving) == 1:
        (place,) = moving
        if len(names) == 1:
            return varied[names[0]].map(function)
        return varied[names[place]].map(lambda value: function(*fixed[:place], value, *fixed[place + 1 :]))
    columns = [varied[name].values() if name in varied else repeat(facts[name], samples) for name in names]
    return Samples(list(map(function, *columns)), range(samples))


def _sampled(stream: str, outcomes: Sequence[Any]) -> Samples:
    settings = load("model")["uncertainty"]
    generator = random.Random(f"{settings['seed']}/{stream}")  # noqa: S311 - a repeatable sample, not a secret
    return Samples(outcomes, generator.randbytes(settings["samples"]))


@cache
def _factors(sd: float) -> Sequence[float]:
    """Return the equally likely factors of a lognormal error with this sigma."""
    return [math.exp(sd * z) for z in _normal()]


@cache
def _normal() -> Sequence[float]:
    """Return the quantiles of the standard normal at the middle of 256 slices of equal probability."""
    upper: list[float] = []
    for slot in range(QUANTILES // 2, QUANTILES):
        upper.append(_inverse_normal((slot + 0.5) / QUANTILES, upper[-1] if upper else 0.0))
    return [-z for z in reversed(upper)] + upper


def _inverse_normal(probability: float, start: float) -> float:
    """Return the quantile, by Newton's method from a smaller one: from there, no step goes too far."""
    z = start
    for _ in range(NEWTON_STEPS):
        missing = probability - (1 + math.erf(z / math.sqrt(2))) / 2
        z += missing * math.sqrt(2 * math.pi) * math.exp(z * z / 2)
    return z
