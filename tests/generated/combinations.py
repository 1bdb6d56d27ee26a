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
    """A few of `candidates` in which every pair of values of two options occurs that occurs in any."""
    missing = set().union(*map(_pairs, candidates))
    selected = []
    while missing:
        # Greedy: each time the candidate with the most pairs that were not seen yet.
        best = max(candidates, key=lambda candidate: len(_pairs(candidate) & missing))
        selected.append(best)
        missing -= _pairs(best)
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
    return "-".join(filter(None, (_word(name, value) for name, value in combination.items())))


def _word(name: str, value: Value) -> str:
    if isinstance(value, bool):
        return name if value else f"no_{name}"
    return "+".join(value) if isinstance(value, list) else str(value)


def _pairs(candidate: Combination) -> set[tuple[tuple[str, str], ...]]:
    # As text, since a list cannot be in a set.
    return set(combinations([(name, str(value)) for name, value in candidate.items()], 2))
