"""Removal of a template from a project: an update of its files to nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from blueprint.errors import ProjectError, UnresolvedError

from .disk import read_tree
from .load import Project
from .merge.inputs import collect_inputs
from .merge.outcome import FileChange, FileEdit
from .merge.reconcile import reconcile
from .state import MAIN, state_files
from .update import is_unresolved, shared_files


@dataclass(frozen=True)
class PreparedRemoval:
    """The change of each file of a template, and all edits on disk, including those of its state files.

    `shared` are the files that other templates write too, with the names of these templates.
    """

    template: Project
    changes: tuple[FileChange, ...]
    edits: tuple[FileEdit, ...]
    shared: Mapping[str, str]


def prepare_removal(template: Project, templates: Mapping[str, Project]) -> PreparedRemoval:
    """Prepare the removal of one of the `templates` of a project, without writing.

    Files are deleted if the user has not edited them and no other template writes them. Raises ProjectError
    for the first template, and UnresolvedError if files of the template have unresolved conflicts.
    """
    if template.template == MAIN:
        raise ProjectError(
            f"{MAIN} is the template that {template.name} was made from, and cannot be removed",
            hint="To remove another template, give its name; `blueprint show` lists them.",
        )
    others = {name: each.base for name, each in templates.items() if name != template.template}
    shared = shared_files(template.base, others)
    inputs = replace(collect_inputs(template.folder, template.base, {}), shared=shared)
    unresolved = [path for path, file in inputs.disk.items() if is_unresolved(template, path, file.content)]
    if unresolved:
        raise UnresolvedError(sorted(unresolved))
    changes = tuple(replace(change, template=template.template) for change in reconcile(inputs))
    edits = [edit for change in changes for edit in change.edits]
    state = read_tree(template.folder, state_files(template.template).paths)
    edits += (FileEdit(path, file, None) for path, file in state.items())
    return PreparedRemoval(template, changes, tuple(edits), shared)
