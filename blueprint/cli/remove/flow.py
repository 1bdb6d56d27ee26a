"""Steps of `blueprint remove`: an update of one template to nothing."""

from dataclasses import dataclass, replace
from pathlib import Path

from blueprint.project.apply.journal import apply_edits, update_lock
from blueprint.project.load import find_project, load_templates
from blueprint.project.removal import prepare_removal

from .. import interrupts
from ..console import Console
from ..dialog import Dialog
from ..update.files import needs_you
from ..update.flow import UpdateRequest, finish_earlier, finished_updates, select_templates, warn_if_dirty
from ..update.result import UpdatesResult
from ..wizard import confirm
from .result import RemoveResult


@dataclass(frozen=True)
class RemoveRequest:
    """Parameters of `blueprint remove`."""

    project: Path
    template: str
    dry_run: bool
    ask: bool


def run_remove(request: RemoveRequest, console: Console) -> RemoveResult | UpdatesResult:
    """Remove a template from the project of `request`, after finishing an interrupted update.

    If that left conflicts, or was this very command, nothing else is changed. Raises BlueprintError.
    """
    folder = find_project(request.project)
    with update_lock(folder):
        earlier = finish_earlier(folder, dry_run=request.dry_run)
        templates = load_templates(folder)
        if needs_you(earlier) or (earlier and request.template not in templates):
            return finished_updates(templates, earlier)
        (template,) = select_templates(templates, UpdateRequest(folder, request.template))
        removal = prepare_removal(template, templates)
        result = RemoveResult(
            removal,
            dirty=warn_if_dirty(folder, console, dry_run=request.dry_run),
            finished=finished_updates(templates, earlier) if earlier else None,
        )
        if request.dry_run:
            return result
        if request.ask:
            console.result(result)
            confirm(Dialog(console), "Remove this template?")
        changes = apply_edits(folder, removal.edits, removal.changes, before_commit=interrupts.ignore)
    return replace(result, removal=replace(removal, changes=tuple(changes)), written=True, seen=request.ask)
