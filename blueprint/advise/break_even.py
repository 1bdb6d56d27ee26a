"""What would change the label: the smallest change of one input or of two, found by search and verified."""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from blueprint.advise.candidates import Candidate
from blueprint.advise.decide import Model, decide, score
from blueprint.advise.what_if import what_if
from blueprint.needs.inputs import Input, InputValue, inputs
from blueprint.needs.model import Needs

# A quantity is tried up to this factor away, on a grid of one per cent; a choice's step counts as doubling.
REACH = 1000.0
GRID = 1.01
SCAN = (8, 24, 48, 96, 160, 240, 340, 460, 580, 694)
STEP_SIZE = math.log(2)
# Beyond a factor of a hundred, a pair of changes is no longer news.
FAR = math.log(100)
FROM_ZERO = 1.0

OutcomeOf = Callable[..., str]


class InputChange(NamedTuple):
    """One input moved from `was` to `to`; at `before`, one step short, the label is still the old one."""

    input: str
    was: InputValue
    to: InputValue
    before: InputValue
    size: float

    @property
    def rising(self) -> bool:
        """Whether the change goes up, for quantities."""
        return isinstance(self.to, int | float) and isinstance(self.was, int | float) and self.to > self.was


class BreakEvenPoint(NamedTuple):
    """Changes that together give another label, or NO_PATTERN; `size` is in log units.

    A doubling is 0.69."""

    label: str
    changes: tuple[InputChange, ...]

    @property
    def size(self) -> float:
        """How large the change is as a whole."""
        return sum(change.size for change in self.changes)


def break_even_points(needs: Needs, model: Model, outcome: str) -> tuple[BreakEvenPoint, ...]:
    """Per input the smallest change that changes the label, smallest first."""
    found = [point for spec in inputs().values() for point in _single(needs, model, outcome, spec)]
    return tuple(sorted(found, key=lambda point: (point.size, point.changes[0].input)))


def joint_break_even_points(
    needs: Needs, model: Model, outcome: str, alone: Iterable[BreakEvenPoint]
) -> tuple[BreakEvenPoint, ...]:
    """For each other pattern, the smallest pair of a choice and a quantity that brings it about.

    Only pairs of which neither part does so alone.
    """
    lone = {(point.label, point.changes[0].input) for point in alone}
    found = []
    for candidate in model.candidates:
        if candidate.name != outcome:
            pairs = _pairs(needs, model, candidate, lone)
            found += sorted(pairs, key=lambda point: point.size)[:1]
    return tuple(sorted(found, key=lambda point: point.size))


def _pairs(
    needs: Needs, model: Model, target: Candidate, lone: set[tuple[str, str]]
) -> Iterator[BreakEvenPoint]:
    read = {name for term in target.terms for name in term.inputs if name != "burst"}
    free = [spec for name, spec in inputs().items() if name in read and (target.name, name) not in lone]
    quantities = [spec for spec in free if not spec.steps()]
    now = score(target, needs.facts())
    for choice in (spec for spec in free if spec.steps()):
        was = getattr(needs, choice.name)
        for value, steps in _other_steps(choice, was):
            moved = needs.change({choice.name: value})
            if score(target, moved.facts()) <= now:
                continue
            step = InputChange(choice.name, was, value, was, steps * STEP_SIZE)
            for quantity in quantities:
                yield from _completed(target, quantity, moved, model, step)


def _completed(
    target: Candidate, quantity: Input, moved: Needs, model: Model, step: InputChange
) -> Iterator[BreakEvenPoint]:
    """The changes of a quantity that, after the step of a choice, make `target` the answer."""
    decision = decide(moved, model)
    walks = [_walk(quantity, float(getattr(moved, quantity.name)), sign, moved) for sign in (1, -1)]
    most = max(score(target, moved.change({quantity.name: walk(SCAN[-1])}).facts()) for walk in walks)
    if decision.outcome == target.name or most < decision.scores[decision.label]:
        return
    tried = what_if(moved, model, [quantity.name])
    for change, after in _quantity_changes(quantity, moved, tried, decision.outcome):
        if after == target.name and change.size <= FAR:
            yield BreakEvenPoint(after, (change, step))


def _single(needs: Needs, model: Model, outcome: str, spec: Input) -> Iterator[BreakEvenPoint]:
    value = getattr(needs, spec.name)
    tried = what_if(needs, model, [spec.name])
    if spec.steps():
        for other, steps in _other_steps(spec, value):
            after = tried(other)
            if after != outcome:
                yield BreakEvenPoint(
                    after,
                    (InputChange(spec.name, value, other, _towards(spec, other, value), steps * STEP_SIZE),),
                )
                return
    elif spec.spread != "none" or (spec.name == "budget_usd_month" and value is not None):
        changes = sorted(_quantity_changes(spec, needs, tried, outcome), key=lambda found: found[0].size)
        for change, after in changes[:1]:
            yield BreakEvenPoint(after, (change,))


def _other_steps(spec: Input, value: InputValue) -> list[tuple[InputValue, int]]:
    """The other values of a choice with their distance, nearest first."""
    steps = spec.steps()
    at = steps.index(value)
    return sorted(((s, abs(n - at)) for n, s in enumerate(steps) if n != at), key=lambda pair: pair[1])


def _towards(spec: Input, value: InputValue, home: InputValue) -> InputValue:
    steps = spec.steps()
    at, target = steps.index(value), steps.index(home)
    return steps[at + (1 if target > at else -1)]


def _quantity_changes(
    spec: Input, needs: Needs, tried: OutcomeOf, outcome: str
) -> Iterator[tuple[InputChange, str]]:
    """The nearest change upwards and the nearest downwards, with the label that each gives."""
    value = float(getattr(needs, spec.name))
    for sign in (1, -1) if value else (1,):
        walk = _walk(spec, value, sign, needs)
        found = _first_change(walk, tried, outcome)
        if found:
            to, before = found
            yield (
                InputChange(spec.name, getattr(needs, spec.name), to, before, _distance(spec, value, to)),
                tried(to),
            )


def _walk(spec: Input, value: float, sign: int, needs: Needs) -> Callable[[int], InputValue]:
    """Step number to value, from 0 (where we are) outwards, within the input's range."""
    low, high = spec.minimum or 0.0, spec.maximum or math.inf
    if spec.name == "mean_rps":
        high = needs.peak_rps
    if spec.name == "peak_rps":
        low = needs.mean_rps
    whole = spec.whole or 0.0
    distance = abs(value - whole) or FROM_ZERO / GRID

    def at(step: int) -> InputValue:
        if step == 0:
            return value
        if spec.type == "integer":
            far = max(value + sign * step, value * GRID ** (sign * step), key=lambda x: abs(x - value))
            return int(min(high, max(low, round(far))))
        moved = distance * GRID ** (sign * step)
        result = whole - moved if whole else moved
        return min(high, max(low, _three_digits(result, whole)))

    return at


def _three_digits(value: float, whole: float) -> float:
    if whole:
        return whole - _three_digits(whole - value, 0.0)
    return float(f"{value:.3g}")


def _first_change(
    walk: Callable[[int], InputValue], tried: OutcomeOf, outcome: str
) -> tuple[InputValue, InputValue] | None:
    """The first value of the walk with another label and the one before it; None if none is in reach."""
    low = 0
    for high in SCAN:
        if walk(high) == walk(low):
            return None
        if tried(walk(high)) != outcome:
            break
        low = high
    else:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if tried(walk(middle)) != outcome:
            high = middle
        else:
            low = middle
    return walk(high), walk(low)


def _distance(spec: Input, value: float, to: InputValue) -> float:
    whole = spec.whole or 0.0
    start, end = abs(value - whole) or FROM_ZERO, abs(float(to or 0) - whole) or FROM_ZERO
    return abs(math.log(end / start))
