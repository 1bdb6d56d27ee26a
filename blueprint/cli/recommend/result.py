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
from ..user_defaults import defaults_as_json, shown_path


@dataclass(frozen=True)
class RecommendResult:
    """A recommendation, and the files that were written.

    With `explain`, every term is printed with its source. `source` is the location of the recommended pattern
    if --pattern named it. `user_defaults` names the inputs whose values are defaults of the user.
    """

    recommendation: Recommendation
    explain: bool
    written: tuple[Path, ...]
    source: str | None = None
    user_defaults: frozenset[str] = frozenset()

    def as_json(self) -> Mapping[str, Any]:
        """Return the complete recommendation, the user's defaults, and the paths that were written."""
        return {
            **to_json(self.recommendation),
            "defaults": defaults_as_json(self.user_defaults),
            "written": [str(path) for path in self.written],
        }

    def describe(self, console: Console) -> None:
        """Print the recommendation as tables."""
        from blueprint.report.terminal import to_text

        console.styled(to_text(self.recommendation, explain=self.explain, color=sys.stdout.isatty()))
        if self.user_defaults:
            console.line(f"From {shown_path()}: {', '.join(sorted(self.user_defaults))}")
        for path in self.written:
            console.line(f"Wrote {path}")


class CasesResult:
    """Published architecture decisions, compared with those of the model."""

    def as_json(self) -> Mapping[str, Any]:
        """Return each case with the label that the model gives it, and the counts."""
        return summary(evaluate_cases())

    def describe(self, console: Console) -> None:
        """Print a table of the cases."""
        console.line(table(evaluate_cases()))
