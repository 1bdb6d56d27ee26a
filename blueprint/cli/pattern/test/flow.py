"""Steps of `blueprint pattern test`."""

from blueprint.authoring.golden import compare_case, find_cases
from blueprint.authoring.pattern_location import pattern_location

from ...console import Console
from .result import PatternTestResult


def run_cases(where: str, console: Console, *, update: bool) -> PatternTestResult:
    """Compare every golden tree of the pattern at `where`, or rewrite it. Raises BlueprintError."""
    pattern = pattern_location(where).load()
    with console.progress("Testing"):
        return PatternTestResult(
            pattern, tuple(compare_case(pattern, case, update=update) for case in find_cases(pattern))
        )
