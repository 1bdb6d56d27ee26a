"""The answers to try: every combination where that is cheap, a pairwise selection where it is not."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product

from blueprint.patterns import Boolean, Choice, Pattern, Value

Combination = dict[str, Value]


def every_combination(pattern: Pattern) -> list[Combination]:
    """Every combination of the options that have few values: the choices and the booleans."""
    values = values_of(pattern)
    return [dict(zip(values, chosen, strict=True)) for chosen in product(*values.values())]


def pairwise(candidates: Sequence[Combination]) -> list[Combination]:
    """A few of `candidates` in which every pair of values of two options occurs that occurs in any of them.

    Greedy: each time the candidate with the most pairs not seen yet.
    """
    missing = set().union(*map(_pairs, candidates))
    selected = []
    while missing:
        best = max(candidates, key=lambda candidate: len(_pairs(candidate) & missing))
        missing -= _pairs(best)
        selected.append(best)
    return selected


def values_of(pattern: Pattern) -> dict[str, list[Value]]:
    """The values of each option with few of them, the default first."""
    values: dict[str, list[Value]] = {}
    for name, option in pattern.options.items():
        if isinstance(option, Boolean):
            values[name] = [option.default, not option.default]
        elif isinstance(option, Choice):
            values[name] = sorted(option.choices, key=lambda choice: choice != option.default)
    return values


def label(combination: Mapping[str, Value]) -> str:
    """A short name for a combination, for the reports of pytest."""
    return "-".join(
        name if value is True else f"no_{name}" if value is False else str(value)
        for name, value in combination.items()
    )


def _pairs(combination: Combination) -> set[tuple[tuple[str, Value], tuple[str, Value]]]:
    return set(combinations(combination.items(), 2))
