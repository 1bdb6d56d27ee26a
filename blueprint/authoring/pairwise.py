"""Pairwise sampler: few combinations of answers that cover every possible pair of values."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, islice, product
from math import prod

from jinja2 import TemplateSyntaxError

from blueprint.errors import AnswersError, PatternError
from blueprint.patterns import Interview, Pattern, Value, has_computed_default, option_exists

from . import template_names
from .boundary_values import all_values, values_to_try

Combination = dict[str, Value]

_Assignment = tuple[str, int]
"""An option and the index of its value among the candidates; index 0 is the default."""

_Uncovered = dict[frozenset[_Assignment], None]
"""The pairs that no combination covers yet, in the order in which they are searched."""

PROJECT = "my-shop"
"""Name of the project that checks and golden trees render."""

MAX_TRIES = 4_096
"""Maximum number of assignments that a search tries."""


@dataclass(frozen=True)
class SearchResult:
    """Result of a search. `exhausted` means that no combination can satisfy the condition."""

    found: Combination | None
    exhausted: bool


class OptionSpace:
    """The space of answers to a pattern, with a few candidate values for each option.

    The options in `exhaustive` get all their values as candidates, if these can be enumerated.
    """

    def __init__(self, pattern: Pattern, exhaustive: Collection[str] = ()) -> None:
        self._pattern = pattern
        self._conditions = {
            name: template_names.TemplateText(option.when, expression=True)
            for name, option in pattern.options.items()
            if option.when
        }
        self._values = {name: template_names.value_text(text) for name, text in pattern.values.items()}
        self.candidates = {
            name: (name in exhaustive and all_values(option))
            or values_to_try(name, option, self._constants(name))
            for name, option in pattern.options.items()
        }
        self._existing: dict[tuple[str, str], bool] = {}

    def pairwise(self) -> Iterator[Combination]:
        """Yield combinations that cover every possible pair of candidates; the first one has all defaults.

        Greedy like AETG (Cohen et al., 1997): each combination starts with an uncovered pair, and each other
        option gets the value that covers the most uncovered pairs.
        """
        uncovered: _Uncovered = dict.fromkeys(self._pairs())
        found = self._complete({}, self._in_order)
        while True:
            if found is not None:
                yield found
                self._mark_covered(found, uncovered)
            if not uncovered:
                return
            pair = next(iter(uncovered))
            del uncovered[pair]
            found = self._combination_with(dict(pair), uncovered)

    def search(self, names: Iterable[str], condition: Callable[[Combination], bool]) -> SearchResult:
        """Search for a combination that satisfies `condition`, which depends on `names` only."""
        options = self.options_behind(names)
        space = OptionSpace(self._pattern, exhaustive=options)
        completed = (
            space._complete(assignment, self._in_order) for assignment in space._assignments(options)
        )
        tried = (found for found in islice(completed, MAX_TRIES) if found is not None)
        found = next(filter(condition, tried), None)
        all_tried = prod(len(space.candidates[name]) for name in options) <= MAX_TRIES
        enumerated = all(all_values(self._pattern.options[name]) for name in options)
        return SearchResult(found, exhausted=found is None and all_tried and enumerated)

    def with_default(self, combination: Combination, name: str) -> Combination | None:
        """Reset the option `name` in `combination` to its default; new options get their defaults, too."""
        chosen = {other: index for other, index in self._indices(combination).items() if other != name}
        return self._complete(chosen, self._in_order)

    def non_defaults(self, combination: Combination) -> Combination:
        """The answers of `combination` that are not the defaults."""
        indices = self._indices(combination)
        return {name: value for name, value in combination.items() if indices[name] != 0}

    def options_behind(self, names: Iterable[str]) -> set[str]:
        """The options on which `names` depend, directly or through values and conditions."""
        seen: set[str] = set()
        pending = [*names]
        while pending:
            name = pending.pop()
            if name not in seen:
                seen.add(name)
                pending += _names(self._conditions.get(name) or self._values.get(name))
        return seen & self._pattern.options.keys()

    def exists(self, name: str, options: Combination) -> bool:
        """Whether the option `name` exists; False if its condition cannot be evaluated."""
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
        """Complete the `chosen` indices to a combination; other options get their first value in `ranking`.

        A value that the validator rejects is skipped. Returns None if an option has no other value.
        """
        options: Combination = {}
        for name in self.candidates:
            if self.exists(name, options):
                indices = (chosen[name],) if name in chosen else ranking(name, options)
                answers = (self._answer(name, index, options) for index in indices)
                answer = next((found for found in answers if found), None)
                if answer is None:
                    return None
                options |= answer
        return options

    def _answer(self, name: str, index: int, options: Combination) -> Combination | None:
        """Answer the option `name` with its candidate at `index`; None if the validator rejects it."""
        option, value = self._pattern.options[name], self.candidates[name][index]
        computed = index == 0 and has_computed_default(option)
        if not computed and option.validator is None:
            return {name: value}
        try:
            interview = self._interview(options)
            current = interview.option(name)
            answer = {name: current.default if current and computed else value}
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
        return range(len(self.candidates[name]))

    def _combination_with(self, chosen: Mapping[str, int], uncovered: _Uncovered) -> Combination | None:
        """A combination with the `chosen` indices and many `uncovered` pairs; None if it is impossible."""

        def gain(name: str, options: Combination, index: int) -> tuple[int, int]:
            value = (name, index)
            others = {**chosen, **self._indices(options)}.items()
            pairs = sum(frozenset((other, value)) in uncovered for other in others)
            return pairs, sum(value in pair for pair in uncovered)

        def best_first(name: str, options: Combination) -> Iterable[int]:
            indices = range(len(self.candidates[name]))
            return sorted(indices, key=lambda index: gain(name, options, index), reverse=True)

        dependencies = self.options_behind(chosen) - chosen.keys()
        for assignment in islice(self._assignments(dependencies), MAX_TRIES):
            combination = self._complete({**assignment, **chosen}, best_first)
            if combination and chosen.items() <= self._indices(combination).items():
                return combination
        return None

    def _assignments(self, options: set[str]) -> Iterator[dict[str, int]]:
        ordered = [name for name in self.candidates if name in options]
        for indices in product(*(range(len(self.candidates[name])) for name in ordered)):
            yield dict(zip(ordered, indices, strict=True))

    def _pairs(self) -> Iterator[frozenset[_Assignment]]:
        """Each pair of values, and each single value for options that exist without any other."""
        assignments = [
            [(name, index) for index in range(len(values))] for name, values in self.candidates.items()
        ]
        for one, other in combinations(assignments, 2):
            yield from map(frozenset, product(one, other))
        for values in assignments:
            yield from (frozenset((value,)) for value in values)

    def _mark_covered(self, combination: Combination, uncovered: _Uncovered) -> None:
        assignments = self._indices(combination).items()
        for size in (1, 2):
            for covered in combinations(assignments, size):
                uncovered.pop(frozenset(covered), None)

    def _indices(self, combination: Combination) -> dict[str, int]:
        """The index of each value among the candidates; a computed default has index 0."""
        return {
            name: self.candidates[name].index(value) if value in self.candidates[name] else 0
            for name, value in combination.items()
        }

    def _constants(self, name: str) -> set[str | int]:
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
