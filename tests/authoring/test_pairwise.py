"""Pairwise sampler: few combinations cover every possible pair of values."""

from itertools import combinations, product
from math import prod
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.authoring.pairwise import Combination, OptionSpace
from blueprint.patterns import Pattern, check_answers, find_pattern
from blueprint.patterns.loading import PATTERN_FILE
from blueprint.patterns.model import Layer
from blueprint.patterns.options import Boolean, Choice, Option

Pair = frozenset[tuple[str, str]]


def pattern_of(options: dict[str, Option]) -> Pattern:
    """A pattern in memory with these options."""
    texts: dict[str, Any] = dict.fromkeys(("name", "title", "summary", "run", "test"), "x")
    layers = [Layer(source="files", to=".")]
    where = Path(PATTERN_FILE)
    return Pattern(
        format=1, version="1.0.0", **texts, layers=layers, options=options, folder=where, root=where
    )


def choice(values: int, when: str | None) -> Choice:
    """A choice with this number of values; the first is the default."""
    return Choice(question="?", choices={str(n): "x" for n in range(values)}, default="0", when=when)


def pairs(combination: Combination) -> set[Pair]:
    """The pairs of answers in a combination."""
    return {
        frozenset((name, repr(value)) for name, value in pair)
        for pair in combinations(combination.items(), 2)
    }


def all_possible(pattern: Pattern) -> list[Combination]:
    """Every possible combination, by brute force."""
    space = OptionSpace(pattern)
    found = []
    for values in product(*space.candidates.values()):
        combination: Combination = {}
        for name, value in zip(space.candidates, values, strict=True):
            if space.exists(name, combination):
                combination[name] = value
        found.append(combination)
    return found


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    """Draw options of two to four values; some exist only with a value of an earlier option."""
    options: dict[str, Option] = {}
    for number in range(draw(st.integers(1, 5))):
        when = None
        dependent = draw(st.booleans())
        if options and dependent:
            other = draw(st.sampled_from(sorted(options)))
            value = draw(st.integers(0, 3))
            when = f"{other} is defined and {other} == '{value}'"
        options[f"option_{number}"] = choice(draw(st.integers(2, 4)), when)
    return pattern_of(options)


@given(patterns())
def test_every_possible_pair_is_covered(pattern: Pattern) -> None:
    """The combinations are valid, cover every possible pair and value, and start with the defaults."""
    selected = [*OptionSpace(pattern).pairwise()]
    possible = all_possible(pattern)

    assert selected[0] == check_answers(pattern, "my-shop", {}).options
    for combination in selected:
        assert check_answers(pattern, "my-shop", combination).options == combination
    assert set().union(*map(pairs, selected)) == set().union(*map(pairs, possible))
    values = {(name, value) for each in possible for name, value in each.items() if isinstance(value, str)}
    assert {(name, value) for each in selected for name, value in each.items()} == values


@pytest.mark.slow
def test_the_number_of_combinations_is_small() -> None:
    """At most 10 of 1,024 combinations are needed, and under 50 of over 50,000 for the monolith."""
    booleans = {f"option_{number}": Boolean(question="?", default=False) for number in range(10)}
    assert len([*OptionSpace(pattern_of({**booleans})).pairwise()]) <= 10

    space = OptionSpace(find_pattern("monolith"))
    assert prod(map(len, space.candidates.values())) > 50_000
    assert len([*space.pairwise()]) < 50


def test_a_pattern_without_options_has_one_combination() -> None:
    """The only combination of a pattern without options is empty."""
    assert [*OptionSpace(pattern_of({})).pairwise()] == [{}]


def test_a_search_satisfies_a_condition_if_possible() -> None:
    """A search tries the options that a condition depends on, including those of nested conditions."""
    pattern = pattern_of(
        {"a": choice(4, None), "b": choice(4, "a == '3'"), "c": choice(4, "a == '3' and b == '2'")}
    )
    space = OptionSpace(pattern)
    search = space.search({"c"}, lambda answers: answers.get("c") == "1")
    assert search.found == {"a": "3", "b": "2", "c": "1"}
    search = space.search({"c"}, lambda answers: answers.get("c") == "1" and answers["a"] == "0")
    assert (search.found, search.exhausted) == (None, True)
