"""Steps of `blueprint diff`."""

from pathlib import Path

from blueprint.project.load import find_project, load_project
from blueprint.project.merge.difference import difference, edits_of
from blueprint.project.merge.inputs import collect_inputs

from ..console import Console
from ..update.flow import UpdateRequest, run_update
from .result import DiffResult


def diff_edits(start: Path) -> DiffResult:
    """Return what the user changed in files that blueprint generated. Raises BlueprintError."""
    project = load_project(find_project(start))
    inputs = collect_inputs(project.folder, project.base, project.base)
    generated = {path: file for path, file in project.base.items() if path not in inputs.replaced}
    return DiffResult(project, tuple(edits_of(generated, inputs.disk)))


def diff_update(request: UpdateRequest, sets: tuple[str, ...], console: Console) -> DiffResult:
    """Return what an update with the answers in `sets` would change on disk. Raises BlueprintError."""
    update = run_update(request, console, sets=sets)
    edits = (edit for change in update.changes for edit in change.edits)
    return DiffResult(update.project, tuple(difference(edit.path, edit.before, edit.after) for edit in edits))
