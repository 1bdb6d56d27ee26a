"""Results of `blueprint evaluate`."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint.report.evaluation import Evaluation, to_text
from blueprint.report.evaluation_json import evaluation_json

from ..console import Console


@dataclass(frozen=True)
class EvaluateResult:
    """An evaluation, and the needs.yaml file that was written."""

    evaluation: Evaluation
    saved: Path | None

    def as_json(self) -> Mapping[str, Any]:
        """Return everything that was measured, and the verdict."""
        return evaluation_json(self.evaluation, [str(self.saved)] if self.saved else [])

    def describe(self, console: Console) -> None:
        """Print the evaluation as tables."""
        console.styled(to_text(self.evaluation, color=sys.stdout.isatty()))
        if self.saved:
            console.line(f"Wrote {self.saved}")
            console.line(f"Next: blueprint recommend --needs {self.saved}")
