"""What a recommendation says about a project that is to be made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blueprint.patterns import Pattern, option_exists
from blueprint.render import File, Tree

if TYPE_CHECKING:
    from blueprint.advise.result import Recommendation

ADR_FOLDER = "docs/adr"


@dataclass(frozen=True)
class ProjectAdvice:
    """A recommendation for a project."""

    recommendation: Recommendation

    @property
    def pattern(self) -> str:
        """The pattern to make."""
        return self.recommendation.pattern

    def options(self, pattern: Pattern, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """The recommended options and sizes of a pattern, as far as it has them beside what is given."""
        from blueprint.advise.generator_options import answers_for

        advised = answers_for(self.recommendation, pattern.name)
        known = {name: value for name, value in advised.items() if name in pattern.options}
        together = {**known, **given}
        return {name: value for name, value in known.items() if option_exists(pattern, name, together)}

    def documents(self, pattern: str) -> Tree:
        """The decision records, and the needs they answer."""
        from blueprint.needs.file import to_yaml
        from blueprint.report.adr import decision_records

        today = datetime.now(UTC).date()
        texts = {
            f"{ADR_FOLDER}/0000-architecture{record.suffix}.md": record.text
            for record in decision_records(self.recommendation, today, chosen=pattern)
        }
        texts[f"{ADR_FOLDER}/needs.yaml"] = to_yaml(self.recommendation.needs)
        return {path: File(text.encode()) for path, text in texts.items()}


def advice_from(needs: Path, pattern: str | None) -> ProjectAdvice:
    """The recommendation for a needs.yaml file, in which the `pattern` to make takes part if it can.

    Raises BlueprintError.
    """
    from blueprint.advise.recommend import model_with, recommend
    from blueprint.needs.answers import complete
    from blueprint.needs.file import read_needs_file

    from .candidates import candidates_with

    model = model_with(candidates_with(pattern))
    return ProjectAdvice(recommend(complete(read_needs_file(needs)), model, today=datetime.now(UTC).date()))
