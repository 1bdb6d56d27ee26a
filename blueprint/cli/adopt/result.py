"""Result of `blueprint adopt`."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from blueprint.patterns import Answers, Pattern
from blueprint.project.adoption import Adoption
from blueprint.project.merge.difference import DifferenceKind
from blueprint.render.paths import STATE

from ..console import Console, pluralize
from ..outputs import AnswersOutput, PatternOutput
from ..user_defaults import answer_lines


class AdoptOutput(TypedDict):
    """A project that was adopted. `files` counts those of the template; `edited` and `deleted` name some."""

    project: str
    path: str
    written: bool
    pattern: PatternOutput
    source: str
    exact_version: bool
    answers: AnswersOutput
    files: int
    edited: list[str]
    deleted: list[str]


@dataclass(frozen=True)
class AdoptResult:
    """A project that was adopted, or would be in a dry run.

    `exact` is whether the version of the template that created the project is known.
    """

    folder: Path
    pattern: Pattern
    source: str
    exact: bool
    answers: Answers
    adoption: Adoption
    written: bool

    def as_json(self) -> AdoptOutput:
        """Return the template, the answers, and which files were edited or deleted since."""
        return {
            "project": self.answers.project,
            "path": str(self.folder),
            "written": self.written,
            "pattern": {"name": self.pattern.name, "version": self.pattern.version},
            "source": self.source,
            "exact_version": self.exact,
            "answers": dict(self.answers.remembered),
            "files": len(self.adoption.base),
            "edited": self._paths(DifferenceKind.EDITED),
            "deleted": self._paths(DifferenceKind.DELETED),
        }

    def describe(self, console: Console) -> None:
        """Print the template, the answers, the files that differ from it, and the next command."""
        verb = "Adopted" if self.written else "Would adopt"
        console.line(f"{verb} {self.answers.project}: {self.pattern.title} {self.pattern.version}")
        console.line(f"  from {self.source}")
        for line in answer_lines(self.answers):
            console.line(line)
        files = pluralize(len(self.adoption.base), "file")
        console.line(
            f"{files} from the template, {len(self.adoption.edits) or 'none'} edited or deleted since"
        )
        for kind in (DifferenceKind.EDITED, DifferenceKind.DELETED):
            for path in self._paths(kind):
                console.line(f"  {path} ({kind})")
        if not self.exact:
            console.line(
                "The template version that created it is unknown: later template changes count as your edits."
            )
        if self.written:
            console.line(f"Commit {STATE}, then run: blueprint update {shlex.quote(str(self.folder))}")

    def _paths(self, kind: DifferenceKind) -> list[str]:
        return [edit.path for edit in self.adoption.edits if edit.kind is kind]
