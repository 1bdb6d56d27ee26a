"""What `blueprint adopt` does, step by step."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint.errors import ProjectError
from blueprint.patterns import Answers, Pattern, check_answers
from blueprint.project import write
from blueprint.project.adoption import (
    Adoption,
    answers_from,
    prepare_adoption,
    template_given,
    template_of,
)
from blueprint.project.difference import Kind
from blueprint.project.origin import located
from blueprint.project.records import read_record
from blueprint.project.updating import existing_options
from blueprint.render.paths import STATE
from blueprint.sources import find_pattern
from blueprint.sources.texts import slug

from . import interrupts
from .console import Console, shown
from .given import read_answers, set_options
from .trusting import consented


@dataclass(frozen=True)
class Request:
    """What the command line asks for."""

    project: Path
    source: str | None
    answers: Path | None
    sets: tuple[str, ...]
    trust: str | None
    dry_run: bool
    ask: bool


@dataclass(frozen=True)
class Adopted:
    """A project that was taken over, or would be. `exact` says whether the version that made it is known."""

    folder: Path
    pattern: Pattern
    source: str
    exact: bool
    answers: Answers
    adoption: Adoption
    written: bool

    def as_json(self) -> Mapping[str, Any]:
        """What it was made from, its answers, and what has become of its files."""
        return {
            "project": self.answers.project,
            "path": str(self.folder),
            "written": self.written,
            "pattern": {"name": self.pattern.name, "version": self.pattern.version},
            "source": self.source,
            "exact_version": self.exact,
            "answers": dict(self.answers.remembered),
            "files": len(self.adoption.base),
            "edited": self._paths(Kind.EDITED),
            "deleted": self._paths(Kind.DELETED),
        }

    def describe(self, console: Console) -> None:
        """What it was made from and which files differ from that; then what can be done."""
        verb = "Adopted" if self.written else "This would adopt"
        console.line(f"{verb} {self.answers.project}: {self.pattern.title} {self.pattern.version}")
        console.line(f"  from {self.source}")
        for name, value in self.answers.remembered.items():
            console.line(f"  {name}: {shown(value)}")
        since = f"edited or deleted since: {len(self.adoption.edits)}"
        console.line(f"Files that came from it: {len(self.adoption.base)}; {since}")
        for kind in (Kind.EDITED, Kind.DELETED):
            for path in self._paths(kind):
                console.line(f"  {path} ({kind})")
        if not self.exact:
            console.line(
                "The version that made it is not known: what the template changed since counts as yours."
            )
        if self.written:
            console.line(f"Commit {STATE}, then: blueprint update {shlex.quote(str(self.folder))}")

    def _paths(self, kind: Kind) -> list[str]:
        return [edit.path for edit in self.adoption.edits if edit.kind is kind]


def run_adopt(request: Request, console: Console) -> Adopted:
    """Take over the project of `request`. Raises BlueprintError."""
    folder = request.project.absolute()
    if (folder / STATE).exists():
        raise ProjectError(f"{folder} is a project of blueprint already", hint="Use `blueprint update`.")
    record = read_record(folder)
    if request.source is not None:
        source, version = template_given(folder, request.source, record)
    elif record is not None:
        source, version = template_of(folder, record)
    else:
        raise ProjectError(
            f"nothing in {folder} says which template made it",
            hint="Say it: --source URL@version, with the answers: --answers ~/.cookiecutter_replay/NAME.json",
        )
    with console.progress("Fetching"):
        found = find_pattern(located(folder, source), ref=version)
    pattern = consented(found, console, request.trust, ask=request.ask)
    known = record.answers if record else {}
    replayed = read_answers(request.answers).options if request.answers else {}
    answers = _answers(pattern, slug(folder.name), {**known, **replayed}, request.sets)
    with console.progress("Rendering"):
        adoption = prepare_adoption(folder, pattern, answers, source, record.path if record else None)
    if not request.dry_run:
        write(adoption.state, folder, seal=interrupts.ignore)
    exact = version is not None
    return Adopted(folder, pattern, source, exact, answers, adoption, written=not request.dry_run)


def _answers(pattern: Pattern, project: str, values: Mapping[str, Any], sets: tuple[str, ...]) -> Answers:
    given = set_options(pattern, {}, sets)
    remembered = answers_from(pattern, values)
    return check_answers(pattern, project, existing_options(pattern, project, remembered, given))
