"""Result of `blueprint adopt`."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from blueprint.project.adoption import Adoption
from blueprint.project.merge.difference import DifferenceKind
from blueprint.project.state import MAIN
from blueprint.render.paths import STATE

from ..console import Console, pluralize
from ..outputs import AnswersOutput, PatternOutput
from ..user_defaults import answer_lines


class AdoptOutput(TypedDict):
    """A template that was adopted. `files` counts those of the template; `edited` and `deleted` name some."""

    project: str
    path: str
    template: str
    written: bool
    pattern: PatternOutput
    source: str
    exact_version: bool
    answers: AnswersOutput
    files: int
    edited: list[str]
    deleted: list[str]


class AdoptionsOutput(TypedDict):
    """A project of several templates that was adopted."""

    project: str
    path: str
    written: bool
    templates: list[AdoptOutput]


@dataclass(frozen=True)
class AdoptResult:
    """A template of a project that was adopted, or would be in a dry run."""

    folder: Path
    adoption: Adoption
    written: bool

    def as_json(self) -> AdoptOutput:
        """Return the template, the answers, and which files were edited or deleted since."""
        template = self.adoption.template
        return {
            "project": template.answers.project,
            "path": str(self.folder),
            "template": template.name,
            "written": self.written,
            "pattern": {"name": template.pattern.name, "version": template.pattern.version},
            "source": template.source,
            "exact_version": template.exact,
            "answers": dict(template.answers.remembered),
            "files": len(self.adoption.base),
            "edited": self._paths(DifferenceKind.EDITED),
            "deleted": self._paths(DifferenceKind.DELETED),
        }

    def describe(self, console: Console) -> None:
        """Print the template, the answers, and the files that differ from it."""
        template = self.adoption.template
        verb = "Adopted" if self.written else "Would adopt"
        project = template.answers.project
        subject = project if template.name == MAIN else f"{project} ({template.name})"
        console.line(f"{verb} {subject}: {template.pattern.title} {template.pattern.version}")
        console.line(f"  from {template.source}")
        for line in answer_lines(template.answers):
            console.line(line)
        files = pluralize(len(self.adoption.base), "file")
        console.line(
            f"{files} from the template, {len(self.adoption.edits) or 'none'} edited or deleted since"
        )
        for kind in (DifferenceKind.EDITED, DifferenceKind.DELETED):
            for path in self._paths(kind):
                console.line(f"  {path} ({kind})")
        if not template.exact:
            console.line(
                "The template version that created it is unknown: later template changes count as your edits."
            )

    def _paths(self, kind: DifferenceKind) -> list[str]:
        return [edit.path for edit in self.adoption.edits if edit.kind is kind]


@dataclass(frozen=True)
class AdoptionsResult:
    """The templates of a project that was adopted, or would be in a dry run."""

    templates: tuple[AdoptResult, ...]

    def as_json(self) -> AdoptOutput | AdoptionsOutput:
        """Return the template, or with several a list of them."""
        first, *more = (template.as_json() for template in self.templates)
        if not more:
            return first
        return {
            "project": first["project"],
            "path": first["path"],
            "written": first["written"],
            "templates": [first, *more],
        }

    def describe(self, console: Console) -> None:
        """Print each template, and the next command."""
        for number, template in enumerate(self.templates):
            if number:
                console.line()
            template.describe(console)
        first = self.templates[0]
        if first.written:
            console.line(f"Commit {STATE}, then run: blueprint update {shlex.quote(str(first.folder))}")
