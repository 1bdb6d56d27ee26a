"""Templates of one project: one is added, or several are updated, with one list of edits on disk.

Each template has its own state, and merges only its own changes. For a file that two templates write, the
lines of the other one count as edits of the user.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from blueprint import __version__
from blueprint.errors import HostilePatternError, ProjectError, TargetError, UnresolvedError
from blueprint.patterns import Answers, Pattern
from blueprint.render import Tree
from blueprint.render.paths import check_collisions

from .blocked import check_unblocked
from .load import Project
from .merge.outcome import FileEdit, FileOutcome
from .state import MAIN, PRIVATE, is_template_name
from .update import PreparedUpdate, TemplateUpdate, prepare_update


@dataclass(frozen=True)
class PreparedUpdates:
    """Updates of templates in order, and all edits on disk: one for each file.

    The templates `waiting` have no update, because an earlier one leaves conflicts in a file of theirs.
    """

    updates: tuple[PreparedUpdate, ...]
    waiting: tuple[str, ...]
    edits: tuple[FileEdit, ...]


def prepare_updates(wanted: Sequence[TemplateUpdate], templates: Mapping[str, Project]) -> PreparedUpdates:
    """Prepare updates of some of the `templates` of a project, without writing. Raises BlueprintError."""
    trees = {name: template.base for name, template in templates.items()}
    prepared: list[PreparedUpdate] = []
    waiting: list[str] = []
    edits: tuple[FileEdit, ...] = ()
    for each in wanted:
        name = each.project.template
        try:
            update = prepare_update(each, {key: trees[key] for key in trees if key != name}, edits)
        except UnresolvedError:
            if not any(map(_has_conflict, prepared)):
                raise
            waiting.append(name)
            continue
        if each.added:
            _check_fits(update.rendering.tree, trees)
        trees[name] = update.rendering.tree
        edits = combine_edits((*edits, *update.edits))
        prepared.append(update)
    check_unblocked(wanted[0].project.folder, edits)
    return PreparedUpdates(tuple(prepared), tuple(waiting), edits)


def _check_fits(tree: Tree, others: Mapping[str, Tree]) -> None:
    """Raise TargetError if a path of `tree` is also a folder of another template, or in another spelling."""
    for name, other in others.items():
        try:
            check_collisions({**other, **tree})
        except HostilePatternError as error:
            raise TargetError(
                f"the template does not fit beside the template {name}: {error.message}",
                hint="Choose answers with which the template writes other paths, or another template.",
            ) from error


def combine_edits(edits: Iterable[FileEdit]) -> tuple[FileEdit, ...]:
    """Combine edits that follow one another to at most one edit for each file."""
    combined: dict[str, FileEdit] = {}
    for edit in edits:
        first = combined.get(edit.path, edit)
        combined[edit.path] = FileEdit(edit.path, first.before, edit.after)
    return tuple(edit for edit in combined.values() if edit.before != edit.after)


def check_template_name(templates: Mapping[str, Project], name: str) -> None:
    """Raise ProjectError if a project with these `templates` cannot have another one with this `name`."""
    if name in templates:
        raise ProjectError(
            f"{templates[MAIN].name} already has a template named {name}",
            hint="Update it with `blueprint update`, or choose another name with --template.",
        )
    if not is_template_name(name):
        raise ProjectError(
            f"{name!r} cannot be the name of a template",
            hint="Choose a name with --template: up to 64 lowercase letters, digits and dashes, beginning "
            f"with a letter. The names {MAIN} and {PRIVATE} are reserved.",
        )


def template_to_add(
    main: Project, name: str, pattern: Pattern, answers: Answers, source: str
) -> TemplateUpdate:
    """Return the update that adds `pattern` to the project that was made from `main`: one from nothing."""
    nothing = Project(
        folder=main.folder,
        template=name,
        name=main.name,
        source=source,
        pattern=pattern.name,
        version=pattern.version,
        origin=pattern.origin,
        included={},
        options=answers.remembered,
        secrets=(),
        base={},
        complete=True,
        answered=False,
        blueprint=__version__,
    )
    return TemplateUpdate(nothing, pattern, answers, source, added=True)


def _has_conflict(update: PreparedUpdate) -> bool:
    return any(change.outcome is FileOutcome.CONFLICT for change in update.changes)
