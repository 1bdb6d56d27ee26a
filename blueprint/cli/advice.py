"""Recommendation applied to a new project: pattern, options and decision records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blueprint.errors import AnswersError
from blueprint.patterns import Pattern, check_value, start_interview
from blueprint.render import File, Tree

if TYPE_CHECKING:
    from blueprint.advise.result import Recommendation
    from blueprint.needs.answers import NeedsAnswers

ADR_FOLDER = "docs/adr"
REVIEW_RULES = "deploy/observability/review.yaml"


@dataclass(frozen=True)
class ProjectAdvice:
    """Pattern, options and documents that a recommendation gives a new project."""

    recommendation: Recommendation

    @property
    def pattern(self) -> str:
        """The name of the recommended pattern."""
        return self.recommendation.pattern

    def options(
        self, pattern: Pattern, given: Mapping[str, Any], warn: Callable[[str], None] = lambda _: None
    ) -> Mapping[str, Any]:
        """Return the recommended values of the options that `pattern` has.

        Options that do not exist with the answers in `given` are left out. `warn` is called for each value
        that the pattern does not have with them, such as one that a stack lacks. Raises PatternError.
        """
        from blueprint.advise.generator_options import answers_for

        advised = answers_for(self.recommendation, pattern.name)
        accepted: dict[str, Any] = {}
        interview = start_interview(pattern, pattern.name)
        for name in pattern.options:
            option = interview.option(name)
            if option is None:
                continue
            if name in advised and name not in given:
                try:
                    value = check_value(name, option, advised[name])
                    interview.answer(name, value)
                    accepted[name] = value
                    continue
                except AnswersError as error:
                    warn(f"{error.message}; {name} has its default instead of the recommended value")
            with suppress(AnswersError):
                interview.answer(name, given.get(name, option.default))
        return accepted

    def documents(self, pattern: str, answers: Mapping[str, Any]) -> Tree:
        """Return the decision records for the chosen `pattern`, and the needs that they are based on.

        If `answers` has review rules, so do the documents.
        """
        from blueprint.needs.file import to_yaml
        from blueprint.report.adr import decision_records
        from blueprint.report.review_rules import to_rules_file

        today = datetime.now(UTC).date()
        texts = {
            f"{ADR_FOLDER}/0000-architecture{record.suffix}.md": record.text
            for record in decision_records(self.recommendation, today, chosen=pattern)
        }
        texts[f"{ADR_FOLDER}/needs.yaml"] = to_yaml(self.recommendation.needs)
        if answers.get("review_rules"):
            texts[REVIEW_RULES] = to_rules_file(self.recommendation.review_triggers)
        return {path: File(text.encode()) for path, text in texts.items()}


def advice_from(needs: Path, pattern: str | None) -> ProjectAdvice:
    """Recommend for the needs.yaml file `needs`, and include `pattern` if it can be recommended.

    Raises BlueprintError.
    """
    from blueprint.needs.file import read_needs_file

    return advice_for(read_needs_file(needs), pattern)


def advice_for(needs: NeedsAnswers, pattern: str | None = None) -> ProjectAdvice:
    """Recommend for answers about `needs`, and include `pattern` if it can be recommended.

    Raises BlueprintError.
    """
    from blueprint.advise.recommend import model_with, recommend
    from blueprint.needs.answers import complete

    from .candidates import candidates_with

    model = model_with(candidates_with(pattern))
    return ProjectAdvice(recommend(complete(needs), model, today=datetime.now(UTC).date()))
