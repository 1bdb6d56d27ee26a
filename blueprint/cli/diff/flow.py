"""What `blueprint diff` shows."""

from pathlib import Path

from blueprint.project.load import find_project, load_project
from blueprint.project.merge.difference import difference, edits_of
from blueprint.project.merge.inputs import collect_inputs

from ..console import Console
from ..update.flow import UpdateRequest, run_update
from .result import DiffResult


def diff_edits(start: Path) -> DiffResult:
    """What the user has changed since blueprint wrote the project. Raises BlueprintError."""
    project = load_project(find_project(start))
    inputs = collect_inputs(project.folder, project.base, project.base)
    mine = {path: file for path, file in project.base.items() if path not in inputs.replaced}
    return DiffResult(project, tuple(edits_of(mine, inputs.disk)))


def diff_update(request: UpdateRequest, sets: tuple[str, ...], console: Console) -> DiffResult:
    """What an update with the answers of `sets` would change on disk. Raises BlueprintError."""
    updated = run_update(request, console, sets=sets)
    files = (edit for change in updated.changes for edit in change.edits)
    return DiffResult(
        updated.project, tuple(difference(edit.path, edit.before, edit.after) for edit in files)
    )
