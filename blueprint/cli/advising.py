"""What `blueprint recommend` does, step by step."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from blueprint.advise.cases import outcomes, summary, table
from blueprint.advise.prices import prices_from
from blueprint.advise.recommend import model_with, recommend
from blueprint.advise.result import Recommendation
from blueprint.errors import DiskError
from blueprint.needs.answers import Answers, complete
from blueprint.needs.file import read_answers, to_yaml
from blueprint.needs.presets import preset
from blueprint.report.as_json import to_json

from .competitors import competitor
from .console import Console


@dataclass(frozen=True)
class Request:
    """What the command line asks for."""

    needs: Path | None
    preset: str | None
    flags: Mapping[str, Any]
    patterns: tuple[str, ...]
    prices: str | None
    save: Path | None
    adr: Path | None
    html: Path | None
    explain: bool


@dataclass(frozen=True)
class Advised:
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

        console.line(to_text(self.recommendation, explain=self.explain, colour=sys.stdout.isatty()))
        for path in self.written:
            console.line(f"Wrote {path}")


class Checked:
    """The published decisions beside the model's."""

    def as_json(self) -> Mapping[str, Any]:
        """Each case with the model's label, and the counts."""
        return summary(outcomes())

    def describe(self, console: Console) -> None:
        """The table of the cases."""
        console.line(table(outcomes()))


def advise(request: Request, console: Console, *, ask: bool) -> Advised:
    """Recommend for what `request` says, asking for the rest if `ask`. Raises BlueprintError."""
    answers = given_answers(request)
    others = {text: competitor(text) for text in request.patterns}
    model = model_with(tuple(others.values()), prices_from(request.prices) if request.prices else None)
    complete(answers)
    if ask:
        from .interview import interview

        answers = interview(answers, console)
    needs = complete(answers)
    today = datetime.now(UTC).date()
    recommendation = recommend(needs, model, today=today)
    files: dict[Path, str] = {}
    if request.save:
        files[request.save] = to_yaml(needs)
    if request.adr:
        files |= decision_records(recommendation, request.adr, today)
    if request.html:
        from blueprint.report.html.page import to_html

        files[request.html] = to_html(recommendation, model)
    for path, text in files.items():
        write(path, text)
    theirs = {other.name: text for text, other in others.items()}
    return Advised(recommendation, request.explain, tuple(files), theirs.get(recommendation.pattern))


def offer(advised: Advised, console: Console) -> None:
    """Offer to make the recommended project at once, where its pattern is there. Raises BlueprintError."""
    from blueprint.patterns import pattern_names

    from .advice import Advice
    from .making import Request as NewProject
    from .making import make

    recommendation = advised.recommendation
    known = recommendation.pattern in pattern_names() or advised.source
    console.line()
    if known and console.confirm("Make a project with this pattern and these sizes?"):
        project = NewProject(
            name=None,
            pattern=advised.source,
            flags={},
            sets=(),
            answers=None,
            output=None,
            dry_run=False,
            force=False,
            advice=Advice(recommendation),
        )
        console.result(make(project, console, ask=True))


def given_answers(request: Request) -> Answers:
    """Preset, file and flags, each over the one before."""
    answers = preset(request.preset) if request.preset else {}
    if request.needs:
        answers = over(answers, read_answers(request.needs))
    return over(answers, request.flags)


def over(below: Mapping[str, Any], above: Mapping[str, Any]) -> Answers:
    """`above` over `below`; flows and what summarises them replace each other."""
    summaries = {"consistency", "cross_module_tx"}
    gone = summaries if "flows" in above else {"flows"} if summaries & above.keys() else set()
    return {name: value for name, value in below.items() if name not in gone} | dict(above)


def decision_records(recommendation: Recommendation, path: Path, day: date) -> dict[Path, str]:
    """The text of each decision record by its path; a second one stands beside the first."""
    from blueprint.report.adr import records

    return {
        path.with_name(f"{path.stem}{record.suffix}{path.suffix}"): record.text
        for record in records(recommendation, day)
    }


def write(path: Path, text: str) -> None:
    """Write a file that was asked for. Raises DiskError."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise DiskError(f"cannot write {path}: {error.strerror}", hint="Choose another place.") from error
