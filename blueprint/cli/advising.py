"""What `blueprint recommend` does, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from blueprint.advise.prices import prices_from
from blueprint.advise.recommend import recommend
from blueprint.advise.result import Recommendation
from blueprint.needs.answers import Answers, complete
from blueprint.needs.file import read_answers
from blueprint.needs.presets import preset
from blueprint.report.as_json import to_json

from .console import Console


@dataclass(frozen=True)
class Request:
    """What the command line asks for."""

    needs: Path | None
    preset: str | None
    flags: Mapping[str, Any]
    patterns: tuple[Path, ...]
    prices: str | None
    save: Path | None
    adr: Path | None
    html: Path | None
    explain: bool


@dataclass(frozen=True)
class Advised:
    """A recommendation, and how much of it to show."""

    recommendation: Recommendation
    explain: bool

    def as_json(self) -> Mapping[str, Any]:
        """The whole recommendation."""
        return to_json(self.recommendation)

    def describe(self, console: Console) -> None:
        """The recommendation as tables."""
        from blueprint.report.terminal import to_text

        console.line(to_text(self.recommendation, explain=self.explain))


def advise(request: Request, console: Console, *, ask: bool) -> Advised:
    """Recommend for what `request` says. Raises BlueprintError."""
    answers = given_answers(request)
    needs = complete(answers)
    prices = prices_from(request.prices) if request.prices else None
    recommendation = recommend(needs, today=datetime.now(UTC).date(), prices=prices)
    return Advised(recommendation, request.explain)


def given_answers(request: Request) -> Answers:
    """Preset, file and flags, each over the one before."""
    answers = preset(request.preset) if request.preset else {}
    if request.needs:
        answers |= read_answers(request.needs)
    return answers | dict(request.flags)
