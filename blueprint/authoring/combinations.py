"""Answers to try a pattern with: few of them, but with every pair of values that can occur together."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations, islice, product
from typing import assert_never

from jinja2 import TemplateSyntaxError

from blueprint.errors import AnswersError, PatternError
from blueprint.patterns import (
    Boolean,
    Choice,
    Data,
    Integer,
    Number,
    Option,
    Pattern,
    Several,
    Text,
    Value,
    check_value,
    option_exists,
)

from . import names

Combination = dict[str, Value]

_Chosen = tuple[str, int]
"""An option, and the number of one of the values that are tried for it."""

_Missing = dict[frozenset[_Chosen], None]
"""The pairs that no combination has yet, in the order in which they are looked for."""

MAX_TRIES = 4_096
"""The most ways that are tried to make a condition hold."""


class Space:
    """The answers that are tried for the options of a pattern."""

    def __init__(self, pattern: Pattern) -> None:
        self._pattern = pattern
        self._conditions = {
            name: names.Text(option.when, expression=True)
            for name, option in pattern.options.items()
            if option.when
        }
        self._values = {name: names.Text(text, expression=True) for name, text in pattern.values.items()}
        self.tried = {name: self._to_try(name, option) for name, option in pattern.options.items()}
        self._existing: dict[tuple[str, str], bool] = {}

    def pairwise(self) -> list[Combination]:
        """Combinations with every pair of tried values that can occur together; the defaults come first.

        Greedy, in the manner of AETG (Cohen and others, 1997): each combination begins with a pair that is
        missing, and each other option takes the value that brings the most missing pairs with it.
        """
        selected = [self._complete({}, _default)]
        missing = dict.fromkeys(self._pairs())
        self._cross_off(selected[0], missing)
        while missing:
            wanted = next(iter(missing))
            found = self._with(dict(wanted), missing)
            if found is None:
                del missing[wanted]
            else:
                selected.append(found)
                self._cross_off(found, missing)
        return selected

    def find(self, needed: Iterable[str], holds: Callable[[Combination], bool]) -> Combination | None:
        """A combination for which `holds`, which looks at no other names than the `needed`; None if none is.

        All values that are tried are combined, up to MAX_TRIES ways.
        """
        ways = islice(self._ways(self.options_behind(needed)), MAX_TRIES)
        return next(filter(holds, (self._complete(way, _default) for way in ways)), None)

    def with_default(self, combination: Combination, name: str) -> Combination:
        """`combination` with the default of the option `name`, and of those that only then exist."""
        chosen = {other: number for other, number in self._numbers(combination).items() if other != name}
        return self._complete(chosen, _default)

    def options_behind(self, needed: Iterable[str]) -> set[str]:
        """The options that decide about the names `needed`, through values and conditions too."""
        found: set[str] = set()
        pending = [*needed]
        seen: set[str] = set()
        while pending:
            name = pending.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self._pattern.options:
                found.add(name)
                pending += _names(self._conditions.get(name))
            else:
                pending += _names(self._values.get(name))
        return found

    def exists(self, name: str, options: Mapping[str, Value]) -> bool:
        """Whether the option `name` exists; not where its condition cannot be evaluated."""
        condition = self._conditions.get(name)
        if condition is None:
            return True
        key = (name, repr([options.get(other) for other in sorted(_names(condition))]))
        if key not in self._existing:
            try:
                self._existing[key] = option_exists(self._pattern, name, options)
            except PatternError:
                self._existing[key] = False
        return self._existing[key]

    def _complete(self, chosen: Mapping[str, int], choose: Callable[[str, Combination], int]) -> Combination:
        """The answers with the values `chosen`; for each other option, `choose` says which value."""
        options: Combination = {}
        for name, values in self.tried.items():
            if self.exists(name, options):
                number = chosen[name] if name in chosen else choose(name, options)
                options[name] = values[number]
        return options

    def _with(self, wanted: Mapping[str, int], missing: _Missing) -> Combination | None:
        """A combination with the values `wanted` and many `missing` pairs; None if there can be none."""

        def gain(name: str, options: Combination, number: int) -> tuple[int, int]:
            value = (name, number)
            others = {**wanted, **self._numbers(options)}.items()
            pairs = sum(frozenset((other, value)) in missing for other in others)
            return pairs, sum(value in pair for pair in missing)

        def best(name: str, options: Combination) -> int:
            return max(range(len(self.tried[name])), key=lambda number: gain(name, options, number))

        behind = self.options_behind(wanted) - wanted.keys()
        for way in islice(self._ways(behind), MAX_TRIES):
            combination = self._complete({**way, **wanted}, best)
            if wanted.items() <= self._numbers(combination).items():
                return combination
        return None

    def _ways(self, options: set[str]) -> Iterator[dict[str, int]]:
        ordered = [name for name in self.tried if name in options]
        for numbers in product(*(range(len(self.tried[name])) for name in ordered)):
            yield dict(zip(ordered, numbers, strict=True))

    def _pairs(self) -> Iterator[frozenset[_Chosen]]:
        """Each pair of values, and then each value by itself, for an option that is there alone."""
        chosen = {name: [(name, number) for number in range(len(self.tried[name]))] for name in self.tried}
        for one, other in combinations(chosen.values(), 2):
            yield from map(frozenset, product(one, other))
        for values in chosen.values():
            yield from (frozenset((value,)) for value in values)

    def _cross_off(self, combination: Combination, missing: _Missing) -> None:
        chosen = self._numbers(combination).items()
        for size in (1, 2):
            for together in combinations(chosen, size):
                missing.pop(frozenset(together), None)

    def _numbers(self, combination: Combination) -> dict[str, int]:
        return {name: self.tried[name].index(value) for name, value in combination.items()}

    def _to_try(self, name: str, option: Option) -> list[Value]:
        """Some values of an option: the default first, the ends of its range, and what conditions ask for."""
        texts = [*self._conditions.values(), *self._values.values()]
        for layer in self._pattern.layers:
            expressions = [layer.when, *(layer.each or {}).values()]
            texts += [names.Text(text, expression=True) for text in expressions if text]
        asked = {constant for text in texts if name in _names(text) for constant in names.constants_in(text)}
        candidates = [option.default, *_values(option), *_at(option, asked)]
        return [
            value
            for number, value in enumerate(candidates)
            if value not in candidates[:number] and _fits(name, option, value)
        ]


def _default(_name: str, _options: Combination) -> int:
    return 0


def _names(text: names.Text | None) -> frozenset[str]:
    try:
        return names.names_in(text) if text else frozenset()
    except TemplateSyntaxError:
        return frozenset()


def _values(option: Option) -> list[Value]:
    match option:
        case Boolean():
            return [not option.default]
        case Choice():
            return [*option.choices]
        case Integer() | Number():
            return [end for end in (option.minimum, option.maximum) if end is not None]
        case Text():
            return ["", "two words"]
        case Several():
            return [[], list(option.choices or ("first", "second"))]
        case Data():
            return []
        case _:
            assert_never(option)


def _at(option: Option, asked: Iterable[str | int]) -> list[Value]:
    """The values at which conditions turn."""
    if isinstance(option, Integer):
        numbers = {number + step for number in asked if isinstance(number, int) for step in (-1, 0, 1)}
        return [*sorted(numbers)]
    texts = sorted(text for text in asked if isinstance(text, str))
    if isinstance(option, Text):
        return [*texts]
    return [[text] for text in texts] if isinstance(option, Several) else []


def _fits(name: str, option: Option, value: Value) -> bool:
    try:
        check_value(name, option, value)
    except AnswersError:
        return False
    return True
