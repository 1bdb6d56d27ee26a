"""What a recommendation says about a project that is to be made; nothing, where there is none."""

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

FOLDER = "docs/adr"


@dataclass(frozen=True)
class Advice:
    """A recommendation, or none."""

    recommendation: Recommendation | None = None

    @property
    def pattern(self) -> str | None:
        """The pattern to make."""
        return self.recommendation.pattern if self.recommendation else None

    def options(self, pattern: Pattern, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """The recommended options and sizes of a pattern, as far as it has them beside what is given."""
        if self.recommendation is None:
            return {}
        from blueprint.advise.answers import answers_for

        advised = answers_for(self.recommendation, pattern.name)
        known = {name: value for name, value in advised.items() if name in pattern.options}
        together = {**known, **given}
        return {name: value for name, value in known.items() if option_exists(pattern, name, together)}

    def documents(self, pattern: str) -> Tree:
        """The decision records, and the needs they answer."""
        if self.recommendation is None:
            return {}
        from blueprint.needs.file import to_yaml
        from blueprint.report.adr import records

        today = datetime.now(UTC).date()
        texts = {
            f"{FOLDER}/0000-architecture{record.suffix}.md": record.text
            for record in records(self.recommendation, today, chosen=pattern)
        }
        texts[f"{FOLDER}/needs.yaml"] = to_yaml(self.recommendation.needs)
        return {path: File(text.encode()) for path, text in texts.items()}


NO_ADVICE = Advice()


def advice_from(needs: Path | None, pattern: str | None) -> Advice:
    """The recommendation for a needs.yaml file, in which the `pattern` to make takes part if it can.

    Raises BlueprintError.
    """
    if needs is None:
        return NO_ADVICE
    from blueprint.advise.recommend import model_with, recommend
    from blueprint.needs.answers import complete
    from blueprint.needs.file import read_answers

    from .competitors import competitors_with

    model = model_with(competitors_with(pattern))
    return Advice(recommend(complete(read_answers(needs)), model, today=datetime.now(UTC).date()))
