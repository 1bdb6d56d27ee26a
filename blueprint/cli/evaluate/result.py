"""Results of `blueprint evaluate`."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint.report.evaluation import Evaluation, to_text
from blueprint.report.plain import plain

from ..console import Console
from .output import EvaluateOutput


@dataclass(frozen=True)
class EvaluateResult:
    """An evaluation, and the needs.yaml file that was written."""

    evaluation: Evaluation
    saved: Path | None

    def as_json(self) -> Mapping[str, Any]:
        """Return everything that was measured, and the verdict."""
        e = self.evaluation
        output: EvaluateOutput = {
            "measurements": [{**plain(each), "unit": unit} for each, unit in e.measurements_with_units()],  # type: ignore[typeddict-item]
            "facts": plain(e.evidence.facts),
            "findings": plain(e.evidence.findings),
            "notes": list(e.evidence.notes),
            "traffic": plain(e.traffic),
            "confidence": e.recommendation.confidence.level,
            "verdict": plain(e.verdict),
            "questions": e.questions(),
            "written": [str(self.saved)] if self.saved else [],
        }
        return output

    def describe(self, console: Console) -> None:
        """Print the evaluation as tables."""
        console.styled(to_text(self.evaluation, color=sys.stdout.isatty()))
        if self.saved:
            console.line(f"Wrote {self.saved}")
            console.line(f"Next: blueprint recommend --needs {self.saved}")
