"""Render checks with many combinations, and the fewest answers that reproduce each problem."""

from collections.abc import Iterator
from dataclasses import replace

from .pairwise import Combination, OptionSpace
from .pattern_sources import PatternSources
from .problems import Problem
from .render_check import RenderCheckResult, check_rendering

MAX_EXPLAINED = 20
"""Number of problems for which the answers are minimized; each takes several renderings."""


class RenderChecks:
    """Render checks of a pattern; each combination is rendered once.

    `layers` and `looks` are the indices of the layers and `look` paths that any combination used.
    """

    def __init__(self, sources: PatternSources, space: OptionSpace) -> None:
        self._sources = sources
        self._space = space
        self._results: dict[str, RenderCheckResult] = {}
        self._found: dict[tuple[object, ...], tuple[Problem, Combination]] = {}
        self.layers: set[int] = set()
        self.looks: set[int] = set()

    def run(self, combination: Combination) -> None:
        """Check `combination` and collect its problems."""
        result = self._check(combination)
        self.layers |= result.layers
        self.looks |= result.looks
        for problem in result.findings.all:
            self._found.setdefault(problem.identity, (problem, combination))

    def problems(self) -> Iterator[Problem]:
        """Each problem, with the fewest answers that reproduce it."""
        for index, (problem, combination) in enumerate(self._found.values()):
            smallest = self._shrink(problem, combination) if index < MAX_EXPLAINED else combination
            yield replace(problem, answers=self._space.non_defaults(smallest))

    def _check(self, combination: Combination) -> RenderCheckResult:
        key = repr(combination)
        if key not in self._results:
            self._results[key] = check_rendering(self._sources, combination)
        return self._results[key]

    def _shrink(self, problem: Problem, combination: Combination) -> Combination:
        """Reset as many answers of `combination` to defaults as possible while `problem` still occurs."""
        for name in self._space.non_defaults(combination):
            fewer = self._space.with_default(combination, name)
            if fewer is None:
                continue
            if any(found.identity == problem.identity for found in self._check(fewer).findings.all):
                combination = fewer
        return combination
