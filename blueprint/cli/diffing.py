"""What `blueprint diff` shows."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from blueprint.project.difference import Difference, difference, edits_of
from blueprint.project.recall import Project, find_project, recall
from blueprint.project.situation import survey

from .console import Console
from .updating import Request, run_update


@dataclass(frozen=True)
class Differences:
    """The files that differ."""

    project: Project
    files: tuple[Difference, ...]

    def as_json(self) -> Mapping[str, Any]:
        """Every file that differs, with its unified diff."""
        return {
            "project": self.project.name,
            "path": str(self.project.folder),
            "files": [asdict(file) for file in self.files],
        }

    def describe(self, console: Console) -> None:
        """One diff after the other, as git shows them."""
        for file in self.files:
            console.line(file.text.rstrip("\n") or f"{file.path}: {file.kind}, not shown")


def edits(start: Path) -> Differences:
    """What the user has changed since blueprint wrote the project. Raises BlueprintError."""
    project = recall(find_project(start))
    situation = survey(project.folder, project.base, project.base)
    mine = {path: file for path, file in project.base.items() if path not in situation.replaced}
    return Differences(project, tuple(edits_of(mine, situation.disk)))


def update_edits(request: Request, sets: tuple[str, ...], console: Console) -> Differences:
    """What an update with the answers of `sets` would change on disk. Raises BlueprintError."""
    updated = run_update(request, console, sets=sets)
    files = (edit for change in updated.changes for edit in change.edits)
    return Differences(
        updated.project, tuple(difference(edit.path, edit.before, edit.after) for edit in files)
    )
