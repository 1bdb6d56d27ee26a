"""Result of `blueprint adopt`."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint.patterns import Answers, Pattern
from blueprint.project.adoption import Adoption
from blueprint.project.merge.difference import DifferenceKind
from blueprint.render.paths import STATE

from ..console import Console, format_value


@dataclass(frozen=True)
class AdoptResult:
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
            "edited": self._paths(DifferenceKind.EDITED),
            "deleted": self._paths(DifferenceKind.DELETED),
        }

    def describe(self, console: Console) -> None:
        """What it was made from and which files differ from that; then what can be done."""
        verb = "Adopted" if self.written else "This would adopt"
        console.line(f"{verb} {self.answers.project}: {self.pattern.title} {self.pattern.version}")
        console.line(f"  from {self.source}")
        for name, value in self.answers.remembered.items():
            console.line(f"  {name}: {format_value(value)}")
        since = f"edited or deleted since: {len(self.adoption.edits)}"
        console.line(f"Files that came from it: {len(self.adoption.base)}; {since}")
        for kind in (DifferenceKind.EDITED, DifferenceKind.DELETED):
            for path in self._paths(kind):
                console.line(f"  {path} ({kind})")
        if not self.exact:
            console.line(
                "The version that made it is not known: what the template changed since counts as yours."
            )
        if self.written:
            console.line(f"Commit {STATE}, then: blueprint update {shlex.quote(str(self.folder))}")

    def _paths(self, kind: DifferenceKind) -> list[str]:
        return [edit.path for edit in self.adoption.edits if edit.kind is kind]
