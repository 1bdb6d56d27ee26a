"""Terms of a score: each turns inputs into points (log-odds) and gives the reason.

Terms are data, so template authors can put the terms of a pattern into its pattern.yaml. Their forms are:

- no form and no input: always `points`
- `table`: the points for each value of the input ("yes" and "no" for booleans); other values get 0
- `at_least` or `at_most`: pairs [threshold, points]; the last threshold that is met counts
- `shortfall_below: t`: points * max(0, t - x)
- `log10_over: r` or `log2_over: r`: points * log(x / r), clipped to `minimum` and `maximum`;
  with `points_by: {input: {value: points}}` the points depend on a second input
- `when: {input: {at_least | at_most | below | is: v}}`: `points` if every condition holds
"""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

from blueprint.advise.datafiles import load
from blueprint.advise.errors import TermError
from blueprint.needs.facts import DERIVED_FACTS
from blueprint.needs.inputs import inputs

Points = Callable[..., float]
SMALLEST = 1e-9
FORMS = ("table", "at_least", "at_most", "shortfall_below", "log10_over", "log2_over")
KEYS = ("name", "why", "tag", "source", "input", "points", "points_by", "minimum", "maximum", "when", *FORMS)
TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "below": operator.lt,
    "is": operator.eq,
}


class Term(NamedTuple):
    """A compiled term: `points` takes the values of `inputs` and returns log-odds."""

    name: str
    why: str
    tag: str
    source: str
    inputs: tuple[str, ...]
    points: Points


_EXAMPLE = "For example: `{name: quiet, input: mean_rps, at_most: [[10, 1.0], [1, 3.0]]}`."


class _NotANumber(ValueError):
    """A value that is not a number in the valid range. The message is for the user."""


@cache
def built_in_terms(pattern: str) -> tuple[Term, ...]:
    """Return the terms of a built-in pattern; the monolith is the reference and has none."""
    return compile_terms(load("model")["terms"].get(pattern, ()), pattern)


def compile_terms(rows: Sequence[Mapping[str, Any]], where: str) -> tuple[Term, ...]:
    """Compile the terms of a pattern; `where` names the pattern in errors. Raises TermError."""
    return tuple(_term(row, f"{where}: term {number + 1}") for number, row in enumerate(rows))


def _term(row: Mapping[str, Any], where: str) -> Term:
    for key in row:
        if key not in KEYS:
            raise TermError(f"{where}: {key}: unknown key", hint=f"Known keys: {', '.join(KEYS)}.")
    if not isinstance(row.get("name"), str):
        raise TermError(
            f"{where}: name is missing",
            hint="Name the reason that the term stands for, for example `name: consumers`.",
        )
    where = f"{where} ({row['name']})"
    names, points = _compiled(row, where)
    known = {*inputs(), *DERIVED_FACTS}
    for name in names:
        if name not in known:
            raise TermError(
                f"{where}: {name}: unknown input", hint=f"Known inputs: {', '.join(sorted(known))}."
            )
    return Term(row["name"], row.get("why", ""), row.get("tag", "J"), row.get("source", ""), names, points)


def _compiled(row: Mapping[str, Any], where: str) -> tuple[tuple[str, ...], Points]:
    forms = [form for form in FORMS if form in row]
    try:
        if "when" in row and not forms:
            return _conditions(row["when"], _number(row["points"]))
        if not forms and "input" not in row:
            constant = _number(row["points"])
            return (), lambda: constant
        if len(forms) != 1 or "when" in row:
            raise TermError(
                f"{where}: expected exactly one form", hint=f"Use one of: when, {', '.join(FORMS)}."
            )
        return _scaled(row, forms[0])
    except KeyError as error:
        raise TermError(f"{where}: {error} is missing or unknown", hint=_EXAMPLE) from error
    except _NotANumber as error:
        raise TermError(f"{where}: {error}", hint=_EXAMPLE) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise TermError(f"{where}: a value has the wrong type", hint=_EXAMPLE) from error


def _conditions(when: Mapping[str, Mapping[str, Any]], points: float) -> tuple[tuple[str, ...], Points]:
    named = [next(iter(limits.items())) for limits in when.values()]
    tests, limits = [TESTS[test] for test, _ in named], [limit for _, limit in named]

    def conditional(*values: Any) -> float:
        for test, x, limit in zip(tests, values, limits, strict=True):
            if not test(x, limit):
                return 0.0
        return points

    return tuple(when), conditional


def _scaled(row: Mapping[str, Any], form: str) -> tuple[tuple[str, ...], Points]:
    name = row["input"]
    if form == "table":
        return (name,), _table(row["table"])
    if form in ("at_least", "at_most"):
        return (name,), _steps(row[form], TESTS[form])
    if form == "shortfall_below":
        limit, each = _number(row[form]), _number(row["points"])
        return (name,), lambda x: each * max(0.0, limit - x)
    log = _logarithm(row, math.log10 if form == "log10_over" else math.log2, _number(row[form]))
    if "points_by" not in row:
        return (name,), partial(log, _number(row["points"]))
    ((other, by),) = row["points_by"].items()
    weights = {key: _number(value) for key, value in by.items()}
    return (name, other), lambda x, value: log(weights.get(value, 0.0), x)


def _table(table: Mapping[Any, Any]) -> Points:
    booleans = {"yes": True, "no": False}
    points = {booleans.get(key, key): _number(value) for key, value in table.items()}
    return lambda value: points.get(value, 0.0)


def _steps(pairs: Sequence[Sequence[float]], test: Callable[[Any, Any], bool]) -> Points:
    steps = [(_number(limit), _number(points)) for limit, points in pairs]

    def stepped(x: float) -> float:
        reached = 0.0
        for limit, points in steps:
            if test(x, limit):
                reached = points
        return reached

    return stepped


def _logarithm(row: Mapping[str, Any], log: Callable[[float], float], over: float) -> Points:
    """Return the function from points for each unit of the logarithm, and a value, to the points."""
    low, high = _number(row.get("minimum", -math.inf)), _number(row.get("maximum", math.inf))
    if over <= 0:
        raise _NotANumber(f"expected a positive number, but found {over:g}")

    def clipped(points: float, x: float) -> float:
        result = points * log((x if x > SMALLEST else SMALLEST) / over)
        return low if result < low else high if result > high else result

    return clipped


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise _NotANumber(f"expected a number, but found {value!r}") from None
