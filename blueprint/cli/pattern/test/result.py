"""Result of `blueprint pattern test`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from blueprint.authoring.golden import GoldenCase
from blueprint.errors import ExitStatus
from blueprint.patterns import Pattern

from ...console import Console, pluralize


@dataclass(frozen=True)
class PatternTestResult:
    """Golden trees of a pattern, compared with what it renders."""

    pattern: Pattern
    cases: Sequence[GoldenCase]

    @property
    def status(self) -> ExitStatus:
        """OK, or PATTERN if a case failed."""
        return ExitStatus.OK if all(case.passed for case in self.cases) else ExitStatus.PATTERN

    def as_json(self) -> Mapping[str, Any]:
        """Return every case with every file that differs."""
        return {
            "path": str(self.pattern.folder),
            "pattern": {"name": self.pattern.name, "version": self.pattern.version},
            "cases": [
                {
                    "name": case.name,
                    "passed": case.passed,
                    "updated": case.updated,
                    "error": case.error,
                    "files": [asdict(difference) for difference in case.differences],
                }
                for case in self.cases
            ],
        }

    def describe(self, console: Console) -> None:
        """Print the diffs of the failed cases, then one line for each case."""
        for case in self.cases:
            if not case.passed:
                for file in case.differences:
                    console.line(file.text.rstrip("\n"))
        for case in self.cases:
            console.line(f"{case.name}: {_verdict(case)}")


def _verdict(case: GoldenCase) -> str:
    if case.error:
        return f"failed: {case.error}"
    differing = pluralize(len(case.differences), "file")
    if case.updated:
        return f"rewritten, {differing} changed"
    return f"failed, {differing} changed" if case.differences else "passed"
