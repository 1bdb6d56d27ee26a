"""All trials of a pattern together, and the fewest answers that show a problem."""

from collections.abc import Iterator
from dataclasses import replace

from .combinations import Combination, Space
from .material import Material
from .problems import Problem
from .trial import Tried, try_answers

MAX_EXPLAINED = 20
"""For how many problems we look for the fewest answers that show them."""


class Trials:
    """The trials of a pattern so far; each combination is tried once."""

    def __init__(self, material: Material, space: Space) -> None:
        self._material = material
        self._space = space
        self._tried: dict[str, Tried] = {}
        self._found: dict[tuple[object, ...], tuple[Problem, Combination]] = {}
        self.layers: set[int] = set()
        self.looks: set[int] = set()

    def run(self, combination: Combination) -> None:
        """Try `combination` and remember what came of it."""
        tried = self._try(combination)
        self.layers |= tried.layers
        self.looks |= tried.looks
        for problem in tried.findings.all:
            self._found.setdefault(problem.identity, (problem, combination))

    def problems(self) -> Iterator[Problem]:
        """Each problem, with the answers that it takes to see it."""
        for number, (problem, combination) in enumerate(self._found.values()):
            fewest = self._fewest(problem, combination) if number < MAX_EXPLAINED else combination
            yield replace(problem, answers=self._space.unusual(fewest))

    def _try(self, combination: Combination) -> Tried:
        key = repr(combination)
        if key not in self._tried:
            self._tried[key] = try_answers(self._material, combination)
        return self._tried[key]

    def _fewest(self, problem: Problem, combination: Combination) -> Combination:
        """`combination` with as many defaults as show the `problem` still."""
        for name in self._space.unusual(combination):
            fewer = self._space.with_default(combination, name)
            if fewer is None:
                continue
            if any(found.identity == problem.identity for found in self._try(fewer).findings.all):
                combination = fewer
        return combination
