"""Combinations of option values to test: all of them, or a pairwise selection."""

import os
from collections.abc import Mapping, Sequence
from itertools import combinations, product

from blueprint.patterns import Boolean, Choice, Pattern, Value

Combination = dict[str, Value]
# The tests of a stack choose it, and those of one machine its host.
SEPARATE = {"stack", "host"}


def every_combination(pattern: Pattern) -> list[Combination]:
    """Return every combination of the options that are asked and have few values: choices and booleans."""
    values = values_of(pattern)
    return [dict(zip(values, chosen, strict=True)) for chosen in product(*values.values())]


def some(candidates: Sequence[Combination]) -> list[Combination]:
    """Select candidates that cover each option value, and in the thorough profile each pair of values."""
    return _covering(candidates, 2 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 1)


def pairwise(candidates: Sequence[Combination]) -> list[Combination]:
    """Select a few candidates that cover every pair of option values that any candidate has."""
    return _covering(candidates, 2)


def _covering(candidates: Sequence[Combination], size: int) -> list[Combination]:
    missing = set().union(*(_groups(candidate, size) for candidate in candidates))
    selected = []
    while missing:
        # Greedy: pick the candidate that covers the most of what is missing.
        best = max(candidates, key=lambda candidate: len(_groups(candidate, size) & missing))
        selected.append(best)
        missing -= _groups(best, size)
    return selected


def values_of(pattern: Pattern) -> dict[str, list[Value]]:
    """Return the values of each choice and boolean option that is asked, the default first."""
    values: dict[str, list[Value]] = {}
    for name, option in pattern.options.items():
        if option.ask == "never" or name in SEPARATE:
            continue
        if isinstance(option, Boolean):
            values[name] = [option.default, not option.default]
        elif isinstance(option, Choice):
            values[name] = sorted(option.choices, key=lambda choice: choice != option.default)
    return values


def label(combination: Mapping[str, Value]) -> str:
    """Return a short name of a combination for test IDs."""
    return "-".join(filter(None, (_word(name, value) for name, value in combination.items())))


def _word(name: str, value: Value) -> str:
    if isinstance(value, bool):
        return name if value else f"no_{name}"
    return "+".join(value) if isinstance(value, list) else str(value)


def _groups(candidate: Combination, size: int) -> set[tuple[tuple[str, str], ...]]:
    # As text, because a list is not hashable.
    return set(combinations([(name, str(value)) for name, value in candidate.items()], size))
