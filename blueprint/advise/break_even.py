"""Break-even points: the smallest change of one input, or of two, that changes the recommendation."""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from blueprint.advise.candidates import Candidate
from blueprint.advise.decide import Decision, Model, decide, score
from blueprint.advise.what_if import OutcomeOf, what_if
from blueprint.needs.facts import base_inputs
from blueprint.needs.inputs import Input, InputValue, inputs
from blueprint.needs.model import Needs

# Quantities are tried in steps of one percent: a scan up to a factor of 1,000, then bisection.
STEP_FACTOR = 1.01
SCANNED_STEPS = (8, 24, 48, 96, 160, 240, 340, 460, 580, 694)
# One step of a choice counts as much as doubling a quantity.
CHOICE_STEP_SIZE = math.log(2)
# With more than a factor of 100, a pair of changes is too unlikely to report.
MAX_JOINT_SIZE = math.log(100)
# A quantity of zero has no logarithm: its changes are measured from here.
ZERO_REFERENCE = 1.0


class InputChange(NamedTuple):
    """A change of one input from `was` to `to`.

    At `before`, one step short of `to`, the outcome is still the old one. `size` is in log units: a doubling
    is 0.69.
    """

    input: str
    was: InputValue
    to: InputValue
    before: InputValue
    size: float

    @property
    def rising(self) -> bool:
        """Whether a quantity goes up."""
        return isinstance(self.to, int | float) and isinstance(self.was, int | float) and self.to > self.was


class BreakEvenPoint(NamedTuple):
    """Changes that together lead to another pattern, or to NO_PATTERN."""

    label: str
    changes: tuple[InputChange, ...]

    @property
    def size(self) -> float:
        """Size of all changes together, in log units."""
        return sum(change.size for change in self.changes)


def break_even_points(needs: Needs, model: Model, outcome: str) -> tuple[BreakEvenPoint, ...]:
    """Return, for each input that can change the outcome, its smallest such change; smallest first."""
    found = [point for spec in inputs().values() for point in _of_input(needs, model, outcome, spec)]
    return tuple(sorted(found, key=lambda point: (point.size, point.changes[0].input)))


def joint_break_even_points(
    needs: Needs, model: Model, outcome: str, single: Iterable[BreakEvenPoint]
) -> tuple[BreakEvenPoint, ...]:
    """Return, for each other pattern, the smallest pair of a choice and a quantity that leads to it.

    Inputs that lead to the pattern alone, the `single` break-even points, are left out.
    """
    sufficient = {(point.label, point.changes[0].input) for point in single}
    found = []
    for candidate in model.candidates:
        if candidate.name != outcome:
            pairs = _pairs(needs, model, candidate, sufficient)
            found += sorted(pairs, key=lambda point: point.size)[:1]
    return tuple(sorted(found, key=lambda point: point.size))


def _pairs(
    needs: Needs, model: Model, target: Candidate, sufficient: set[tuple[str, str]]
) -> Iterator[BreakEvenPoint]:
    """Yield pairs of a choice that raises the target's score and a quantity that then makes it win."""
    read = {name for term in target.terms for fact in term.inputs for name in base_inputs(fact)}
    free = [spec for name, spec in inputs().items() if name in read and (target.name, name) not in sufficient]
    quantities = [spec for spec in free if not spec.steps()]
    current = score(target, needs.facts())
    for choice in (spec for spec in free if spec.steps()):
        was = getattr(needs, choice.name)
        for value, steps in _other_choices(choice, was):
            changed = needs.change({choice.name: value})
            if score(target, changed.facts()) <= current:
                continue
            decision = decide(changed, model)
            if decision.outcome == target.name:
                continue
            change = InputChange(choice.name, was, value, was, steps * CHOICE_STEP_SIZE)
            for quantity in quantities:
                yield from _with_quantity(target, quantity, changed, model, change, decision)


def _with_quantity(
    target: Candidate,
    quantity: Input,
    needs: Needs,
    model: Model,
    choice: InputChange,
    decision: Decision,
) -> Iterator[BreakEvenPoint]:
    """Yield the changes of a quantity that, after the change of a choice, make `target` the outcome.

    `needs` have the change of the choice; `decision` is that for them.
    """
    grids = [_grid(quantity, float(getattr(needs, quantity.name)), sign, needs) for sign in (1, -1)]
    best = max(
        score(target, needs.change({quantity.name: value_at(SCANNED_STEPS[-1])}).facts())
        for value_at in grids
    )
    if best < decision.scores[decision.label]:
        return
    outcome_at = what_if(needs, model, [quantity.name])
    for change, after in _quantity_changes(quantity, needs, outcome_at, decision.outcome):
        if after == target.name and change.size <= MAX_JOINT_SIZE:
            yield BreakEvenPoint(after, (change, choice))


def _of_input(needs: Needs, model: Model, outcome: str, spec: Input) -> Iterator[BreakEvenPoint]:
    value = getattr(needs, spec.name)
    outcome_at = what_if(needs, model, [spec.name])
    if outcome_at(value) != outcome:
        # Gates ignore assumed answers: to give the assumed one would already change the outcome.
        return
    if spec.steps():
        for other, steps in _other_choices(spec, value):
            after = outcome_at(other)
            if after != outcome:
                before = _one_step_back(spec, other, value)
                change = InputChange(spec.name, value, other, before, steps * CHOICE_STEP_SIZE)
                yield BreakEvenPoint(after, (change,))
                return
    elif spec.spread != "none" or (spec.name == "budget_usd_month" and value is not None):
        changes = sorted(_quantity_changes(spec, needs, outcome_at, outcome), key=lambda found: found[0].size)
        for change, after in changes[:1]:
            yield BreakEvenPoint(after, (change,))


def _other_choices(spec: Input, value: InputValue) -> list[tuple[InputValue, int]]:
    """Return the other values of a choice with their distance in steps, nearest first."""
    steps = spec.steps()
    at = steps.index(value)
    return sorted(((s, abs(n - at)) for n, s in enumerate(steps) if n != at), key=lambda pair: pair[1])


def _one_step_back(spec: Input, value: InputValue, start: InputValue) -> InputValue:
    """Return the choice one step from `value` towards `start`."""
    steps = spec.steps()
    at, target = steps.index(value), steps.index(start)
    return steps[at + (1 if target > at else -1)]


def _quantity_changes(
    spec: Input, needs: Needs, outcome_at: OutcomeOf, outcome: str
) -> Iterator[tuple[InputChange, str]]:
    """Yield the nearest change upwards and the nearest downwards, each with the outcome that it leads to."""
    value = float(getattr(needs, spec.name))
    for sign in (1, -1) if value else (1,):
        found = _first_change(_grid(spec, value, sign, needs), outcome_at, outcome)
        if found:
            to, before = found
            was = getattr(needs, spec.name)
            yield InputChange(spec.name, was, to, before, _distance(spec, value, to)), outcome_at(to)


def _grid(spec: Input, value: float, sign: int, needs: Needs) -> Callable[[int], InputValue]:
    """Return the function from a step number to a value within the input's range; step 0 is `value`."""
    low, high = spec.minimum or 0.0, spec.maximum or math.inf
    if spec.name == "mean_rps":
        high = needs.peak_rps
    if spec.name == "peak_rps":
        low = needs.mean_rps
    whole = spec.whole or 0.0
    distance = abs(value - whole) or ZERO_REFERENCE / STEP_FACTOR

    def value_at(step: int) -> InputValue:
        if step == 0:
            return value
        factor = STEP_FACTOR ** (sign * step)
        if spec.type == "integer":
            farther = max(value + sign * step, value * factor, key=lambda x: abs(x - value))
            return int(min(high, max(low, round(farther))))
        result = whole - distance * factor if whole else distance * factor
        return min(high, max(low, _three_digits(result, whole)))

    return value_at


def _three_digits(value: float, whole: float) -> float:
    if whole:
        return whole - _three_digits(whole - value, 0.0)
    return float(f"{value:.3g}")


def _first_change(
    value_at: Callable[[int], InputValue], outcome_at: OutcomeOf, outcome: str
) -> tuple[InputValue, InputValue] | None:
    """Return the first value on the grid with another outcome and the one before it, or None."""
    low = 0
    for high in SCANNED_STEPS:
        if value_at(high) == value_at(low):
            return None
        if outcome_at(value_at(high)) != outcome:
            break
        low = high
    else:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if outcome_at(value_at(middle)) != outcome:
            high = middle
        else:
            low = middle
    return value_at(high), value_at(low)


def _distance(spec: Input, value: float, to: InputValue) -> float:
    """Return the size of a change in log units."""
    whole = spec.whole or 0.0
    start, end = abs(value - whole) or ZERO_REFERENCE, abs(float(to or 0) - whole) or ZERO_REFERENCE
    return abs(math.log(end / start))
