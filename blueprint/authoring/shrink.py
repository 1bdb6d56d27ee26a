"""All trials of a pattern together, and the fewest answers that show a problem."""

from collections.abc import Iterator
from dataclasses import replace

from .pairwise import Combination, OptionSpace
from .pattern_sources import PatternSources
from .problems import Problem
from .render_check import RenderCheckResult, check_rendering

MAX_EXPLAINED = 20
"""For how many problems we look for the fewest answers that show them."""


class RenderChecks:
    """The trials of a pattern so far; each combination is tried once."""

    def __init__(self, sources: PatternSources, space: OptionSpace) -> None:
        self._sources = sources
        self._space = space
        self._results: dict[str, RenderCheckResult] = {}
        self._found: dict[tuple[object, ...], tuple[Problem, Combination]] = {}
        self.layers: set[int] = set()
        self.looks: set[int] = set()

    def run(self, combination: Combination) -> None:
        """Try `combination` and remember what came of it."""
        result = self._check(combination)
        self.layers |= result.layers
        self.looks |= result.looks
        for problem in result.findings.all:
            self._found.setdefault(problem.identity, (problem, combination))

    def problems(self) -> Iterator[Problem]:
        """Each problem, with the answers that it takes to see it."""
        for number, (problem, combination) in enumerate(self._found.values()):
            smallest = self._shrink(problem, combination) if number < MAX_EXPLAINED else combination
            yield replace(problem, answers=self._space.non_defaults(smallest))

    def _check(self, combination: Combination) -> RenderCheckResult:
        key = repr(combination)
        if key not in self._results:
            self._results[key] = check_rendering(self._sources, combination)
        return self._results[key]

    def _shrink(self, problem: Problem, combination: Combination) -> Combination:
        """`combination` with as many defaults as show the `problem` still."""
        for name in self._space.non_defaults(combination):
            fewer = self._space.with_default(combination, name)
            if fewer is None:
                continue
            if any(found.identity == problem.identity for found in self._check(fewer).findings.all):
                combination = fewer
        return combination
