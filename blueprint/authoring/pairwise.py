"""Answers to try a pattern with: few of them, but with every pair of values that can occur together."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, islice, product
from math import prod

from jinja2 import TemplateSyntaxError

from blueprint.errors import AnswersError, PatternError
from blueprint.patterns import Interview, Pattern, Text, Value, option_exists

from . import template_names
from .boundary_values import all_values, values_to_try

Combination = dict[str, Value]

_Chosen = tuple[str, int]
"""An option, and the number of one of the values that are tried for it: 0 is the default."""

_Missing = dict[frozenset[_Chosen], None]
"""The pairs that no combination has yet, in the order in which they are looked for."""

PROJECT = "my-shop"
"""The project that is made to see whether one can be made."""

MAX_TRIES = 4_096
"""The most ways that are tried to make a condition hold."""


@dataclass(frozen=True)
class SearchResult:
    """What was found, or None; `exhausted` says that there is nothing to be found."""

    found: Combination | None
    exhausted: bool


class OptionSpace:
    """The answers that are tried for the options of a pattern.

    These are a few for each, but all there are for the options that are `counted`.
    """

    def __init__(self, pattern: Pattern, counted: Collection[str] = ()) -> None:
        self._pattern = pattern
        self._conditions = {
            name: template_names.TemplateText(option.when, expression=True)
            for name, option in pattern.options.items()
            if option.when
        }
        self._values = {
            name: template_names.TemplateText(text, expression=True) for name, text in pattern.values.items()
        }
        self.tried = {
            name: (name in counted and all_values(option)) or values_to_try(name, option, self._asked(name))
            for name, option in pattern.options.items()
        }
        self._existing: dict[tuple[str, str], bool] = {}

    def pairwise(self) -> list[Combination]:
        """Combinations with every pair of tried values that can occur together; the defaults come first.

        Greedy, in the manner of AETG (Cohen and others, 1997): each combination begins with a pair that is
        missing, and each other option takes the value that brings the most missing pairs with it.
        """
        selected = []
        missing: _Missing = dict.fromkeys(self._pairs())
        found = self._complete({}, self._in_order)
        while True:
            if found is not None:
                selected.append(found)
                self._mark_covered(found, missing)
            if not missing:
                return selected
            wanted = next(iter(missing))
            del missing[wanted]
            found = self._with(dict(wanted), missing)

    def search(self, needed: Iterable[str], holds: Callable[[Combination], bool]) -> "SearchResult":
        """Look for a combination for which `holds`, which asks for no other names than the `needed`."""
        behind = self.options_behind(needed)
        everything = OptionSpace(self._pattern, counted=behind)
        assignments = (
            everything._complete(assignment, self._in_order) for assignment in everything._assignments(behind)
        )
        tried = (answers for answers in islice(assignments, MAX_TRIES) if answers is not None)
        found = next(filter(holds, tried), None)
        few = prod(len(everything.tried[name]) for name in behind) <= MAX_TRIES
        counted = all(all_values(self._pattern.options[name]) for name in behind)
        return SearchResult(found, exhausted=found is None and few and counted)

    def with_default(self, combination: Combination, name: str) -> Combination | None:
        """`combination` with the default of the option `name`, and of those that only then exist."""
        chosen = {other: number for other, number in self._numbers(combination).items() if other != name}
        return self._complete(chosen, self._in_order)

    def non_defaults(self, combination: Combination) -> Combination:
        """The answers of `combination` that are not the defaults."""
        numbers = self._numbers(combination)
        return {name: value for name, value in combination.items() if numbers[name] != 0}

    def options_behind(self, needed: Iterable[str]) -> set[str]:
        """The options that decide about the names `needed`, through values and conditions too."""
        seen: set[str] = set()
        pending = [*needed]
        while pending:
            name = pending.pop()
            if name not in seen:
                seen.add(name)
                pending += _names(self._conditions.get(name) or self._values.get(name))
        return seen & self._pattern.options.keys()

    def exists(self, name: str, options: Combination) -> bool:
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

    def _complete(
        self, chosen: Mapping[str, int], ranking: Callable[[str, Combination], Iterable[int]]
    ) -> Combination | None:
        """The answers with the values `chosen`, and for each other option the first of its `ranking`.

        A value that the option's validator refuses is passed over; None if that leaves nothing.
        """
        options: Combination = {}
        for name in self.tried:
            if self.exists(name, options):
                numbers = (chosen[name],) if name in chosen else ranking(name, options)
                answers = (self._answer(name, number, options) for number in numbers)
                answer = next((found for found in answers if found), None)
                if answer is None:
                    return None
                options |= answer
        return options

    def _answer(self, name: str, number: int, options: Combination) -> Combination | None:
        """The option `name` with its value of that number, or None if it cannot be answered with that."""
        option, value = self._pattern.options[name], self.tried[name][number]
        computed = number == 0 and isinstance(option, Text) and "{" in option.default
        if not computed and option.validator is None:
            return {name: value}
        try:
            interview = self._interview(options)
            now = interview.option(name)
            answer = {name: now.default if now and computed else value}
            interview.answer(name, answer[name])
        except AnswersError:
            return None
        except PatternError:
            return {name: value}
        return answer

    def _interview(self, options: Combination) -> Interview:
        interview = self._pattern.interview(PROJECT)
        for name, value in options.items():
            interview.answer(name, value)
        return interview

    def _in_order(self, name: str, _options: Combination) -> Iterable[int]:
        return range(len(self.tried[name]))

    def _with(self, wanted: Mapping[str, int], missing: _Missing) -> Combination | None:
        """A combination with the values `wanted` and many `missing` pairs; None if there can be none."""

        def gain(name: str, options: Combination, number: int) -> tuple[int, int]:
            value = (name, number)
            others = {**wanted, **self._numbers(options)}.items()
            pairs = sum(frozenset((other, value)) in missing for other in others)
            return pairs, sum(value in pair for pair in missing)

        def best_first(name: str, options: Combination) -> Iterable[int]:
            numbers = range(len(self.tried[name]))
            return sorted(numbers, key=lambda number: gain(name, options, number), reverse=True)

        behind = self.options_behind(wanted) - wanted.keys()
        for assignment in islice(self._assignments(behind), MAX_TRIES):
            combination = self._complete({**assignment, **wanted}, best_first)
            if combination and wanted.items() <= self._numbers(combination).items():
                return combination
        return None

    def _assignments(self, options: set[str]) -> Iterator[dict[str, int]]:
        ordered = [name for name in self.tried if name in options]
        for numbers in product(*(range(len(self.tried[name])) for name in ordered)):
            yield dict(zip(ordered, numbers, strict=True))

    def _pairs(self) -> Iterator[frozenset[_Chosen]]:
        """Each pair of values, and then each value by itself, for an option that is there alone."""
        chosen = [[(name, number) for number in range(len(values))] for name, values in self.tried.items()]
        for one, other in combinations(chosen, 2):
            yield from map(frozenset, product(one, other))
        for values in chosen:
            yield from (frozenset((value,)) for value in values)

    def _mark_covered(self, combination: Combination, missing: _Missing) -> None:
        chosen = self._numbers(combination).items()
        for size in (1, 2):
            for together in combinations(chosen, size):
                missing.pop(frozenset(together), None)

    def _numbers(self, combination: Combination) -> dict[str, int]:
        """Which of the tried values an option has; a default that was computed is none of them, and is 0."""
        return {
            name: self.tried[name].index(value) if value in self.tried[name] else 0
            for name, value in combination.items()
        }

    def _asked(self, name: str) -> set[str | int]:
        """The literal texts and numbers in the expressions that use the option `name`."""
        texts = [*self._conditions.values(), *self._values.values()]
        for layer in self._pattern.layers:
            expressions = [layer.when, *(layer.each or {}).values()]
            texts += [template_names.TemplateText(text, expression=True) for text in expressions if text]
        return {
            constant
            for text in texts
            if name in _names(text)
            for constant in template_names.constants_in(text)
        }


def _names(text: template_names.TemplateText | None) -> frozenset[str]:
    try:
        return template_names.names_in(text) if text else frozenset()
    except TemplateSyntaxError:
        return frozenset()
