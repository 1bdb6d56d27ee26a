"""Steps of `blueprint diff`."""

from collections.abc import Sequence

from blueprint.project.load import Project, find_project, load_templates
from blueprint.project.merge.difference import Difference, difference, edits_of
from blueprint.project.merge.inputs import collect_inputs
from blueprint.project.state import MAIN
from blueprint.project.templates import combine_edits

from ..console import Console
from ..update.flow import UpdateRequest, run_update, select_templates
from .result import DiffResult


def diff_edits(request: UpdateRequest) -> DiffResult:
    """Return what the user changed in files that blueprint generated. Raises BlueprintError."""
    templates = load_templates(find_project(request.project))
    return DiffResult(templates[MAIN], tuple(_edits(select_templates(templates, request))))


def _edits(templates: Sequence[Project]) -> list[Difference]:
    """The edits to files of `templates`.

    A file that several templates write is edited if it differs from what each of them wrote.
    """
    edits: dict[str, Difference] = {}
    unedited = set()
    for template in templates:
        inputs = collect_inputs(template.folder, template.base, template.base)
        generated = {path: file for path, file in template.base.items() if path not in inputs.replaced}
        found = {edit.path: edit for edit in edits_of(generated, inputs.disk)}
        edits = found | edits
        unedited |= generated.keys() - found.keys()
    return [edits[path] for path in sorted(edits.keys() - unedited)]


def diff_update(request: UpdateRequest, console: Console) -> DiffResult:
    """Return what an update would change on disk. Raises BlueprintError."""
    updates = run_update(request, console).updates
    edits = combine_edits(edit for update in updates for change in update.changes for edit in change.edits)
    return DiffResult(
        updates[0].project, tuple(difference(edit.path, edit.before, edit.after) for edit in edits)
    )
