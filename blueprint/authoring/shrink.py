"""Render checks with many combinations, and the fewest answers that reproduce each problem."""

from collections.abc import Iterable, Iterator
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
        self._warned: dict[tuple[object, ...], tuple[Problem, Combination]] = {}
        self.layers: set[int] = set()
        self.looks: set[int] = set()

    def run(self, combination: Combination) -> None:
        """Check `combination` and collect its problems."""
        result = self._check(combination)
        self.layers |= result.layers
        self.looks |= result.looks
        for problem in result.findings.all:
            self._found.setdefault(problem.identity, (problem, combination))
        for warning in result.warnings.all:
            self._warned.setdefault(warning.identity, (warning, combination))

    def problems(self) -> Iterator[Problem]:
        """Each problem, with the fewest answers that reproduce it."""
        return self._explained(self._found.values())

    def warnings(self) -> Iterator[Problem]:
        """Each warning, with the fewest answers that reproduce it."""
        return self._explained(self._warned.values())

    def _explained(self, found: Iterable[tuple[Problem, Combination]]) -> Iterator[Problem]:
        for index, (problem, combination) in enumerate(found):
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
            result = self._check(fewer)
            found = (*result.findings.all, *result.warnings.all)
            if any(each.identity == problem.identity for each in found):
                combination = fewer
        return combination
