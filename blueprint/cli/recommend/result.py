"""Results of `blueprint recommend`."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint.advise.cases import evaluate_cases, summary, table
from blueprint.advise.result import Recommendation
from blueprint.report.as_json import to_json

from ..console import Console


@dataclass(frozen=True)
class RecommendResult:
    """A recommendation, how much of it to show, and the files that were written.

    `source` is where the recommended pattern is, if a template author brought it.
    """

    recommendation: Recommendation
    explain: bool
    written: tuple[Path, ...]
    source: str | None = None

    def as_json(self) -> Mapping[str, Any]:
        """The whole recommendation."""
        return {**to_json(self.recommendation), "written": [str(path) for path in self.written]}

    def describe(self, console: Console) -> None:
        """The recommendation as tables."""
        from blueprint.report.terminal import to_text

        console.line(to_text(self.recommendation, explain=self.explain, color=sys.stdout.isatty()))
        for path in self.written:
            console.line(f"Wrote {path}")


class CasesResult:
    """The published decisions beside the model's."""

    def as_json(self) -> Mapping[str, Any]:
        """Each case with the model's label, and the counts."""
        return summary(evaluate_cases())

    def describe(self, console: Console) -> None:
        """The table of the cases."""
        console.line(table(evaluate_cases()))
