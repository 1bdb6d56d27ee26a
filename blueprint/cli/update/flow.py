"""Steps of `blueprint update`, which every verb that changes a project shares."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from blueprint.errors import BlueprintError, ProjectError, UsageError
from blueprint.patterns import Answers, Pattern, check_answers
from blueprint.project.apply.journal import (
    apply_edits,
    discard_uncommitted,
    finish_update,
    is_interrupted,
    update_lock,
)
from blueprint.project.changelog import changes_between
from blueprint.project.git import is_dirty
from blueprint.project.load import Project, find_project, load_templates
from blueprint.project.merge.outcome import FileChange
from blueprint.project.naming import with_package_option
from blueprint.project.origin import check_version, find_update_source
from blueprint.project.state import MAIN
from blueprint.project.templates import PreparedUpdates, prepare_updates
from blueprint.project.update import (
    PreparedUpdate,
    TemplateUpdate,
    carried_options,
    check_secrets,
    previous_version,
    rejected_answers,
)
from blueprint.sources import find_pattern, opening_message
from blueprint.sources.programs import briefs_between
from blueprint.suggest import did_you_mean

from .. import interrupts
from ..console import Console
from ..dialog import Dialog
from ..inputs import options_from_flags
from ..trust import ensure_trusted
from ..wizard import ask_options
from .files import needs_you
from .result import UpdateResult, UpdatesResult


@dataclass(frozen=True)
class UpdateRequest:
    """Parameters of an update.

    `template` names one template of the project; without it all are updated. `sets` are changed answers,
    `pattern` is the new location of a pattern that moved, `to` the version to update to, and `trust` the
    digest of a template whose code may run. Questions are asked only if `ask`. `successors` are built-in
    patterns that replace the one of a project, by the name of that.
    """

    project: Path
    template: str | None = None
    sets: tuple[str, ...] = ()
    pattern: str | None = None
    to: str | None = None
    trust: str | None = None
    dry_run: bool = False
    ask: bool = False
    successors: Mapping[str, str] = field(default_factory=dict)


ChooseAnswers = Callable[[Project, Pattern], Answers]
"""Chooses the new answers of a project; raises BlueprintError to refuse the update."""


def run_update(request: UpdateRequest, console: Console, *, force: bool = False) -> UpdatesResult:
    """Update the project of `request`. Raises BlueprintError."""

    def choose(project: Project, pattern: Pattern) -> Answers:
        if not force:
            check_version(project, pattern)
        return check_answers(
            pattern, project.name, _options(project, pattern, request.sets, console, ask=request.ask)
        )

    return change_project(request, console, choose)


def change_project(request: UpdateRequest, console: Console, choose: ChooseAnswers) -> UpdatesResult:
    """Update templates of a project to the answers that `choose` returns, after finishing an earlier update.

    If that was interrupted and left conflicts, nothing else is changed. Raises BlueprintError.
    """
    folder = find_project(request.project)
    with update_lock(folder):
        earlier = finish_earlier(folder, dry_run=request.dry_run)
        templates = load_templates(folder)
        if needs_you(earlier):
            return finished_updates(templates, earlier)
        selected = select_templates(templates, request)
        return _change(templates, selected, request, console, choose, earlier)


def finish_earlier(folder: Path, *, dry_run: bool) -> list[FileChange]:
    """Finish an interrupted update of the project in `folder`, and return its changes.

    Raises ProjectError in a dry run, which may not finish it.
    """
    if not is_interrupted(folder):
        if not dry_run:
            discard_uncommitted(folder)
        return []
    if dry_run:
        raise ProjectError(
            f"an update of {folder} was interrupted",
            hint="Finish it first: run `blueprint update` without --dry-run.",
        )
    interrupts.ignore()
    return finish_update(folder)


def select_templates(templates: Mapping[str, Project], request: UpdateRequest) -> list[Project]:
    """Return the templates of a project that `request` is for. Raises UsageError."""
    names = ", ".join(templates)
    if request.template is None:
        flags = {"--set": request.sets, "--pattern": request.pattern, "--to": request.to}
        given = [flag for flag, value in flags.items() if value]
        if given and len(templates) > 1:
            raise UsageError(
                f"{given[0]} is for one template, and {templates[MAIN].name} has {len(templates)}: {names}",
                hint="Choose one with --template NAME.",
            )
        return [*templates.values()]
    if request.template not in templates:
        similar = did_you_mean(request.template, templates)
        raise UsageError(
            f"{templates[MAIN].name} has no template named {request.template}{similar}",
            hint=f"Its templates: {names}.",
        )
    return [templates[request.template]]


def apply_updates(folder: Path, prepared: PreparedUpdates, *, dry_run: bool) -> list[FileChange]:
    """Write prepared updates, unless this is a dry run; return all changes with their final outcomes."""
    changes = [change for update in prepared.updates for change in update.changes]
    if prepared.edits and not dry_run:
        changes = apply_edits(folder, prepared.edits, changes, before_commit=interrupts.ignore)
    return changes


def finished_updates(templates: Mapping[str, Project], earlier: Sequence[FileChange]) -> UpdatesResult:
    """The result of an interrupted update that was finished, for each template that it changed."""
    groups = _by_template(earlier, [*templates])
    return UpdatesResult(
        tuple(
            UpdateResult(templates[name], None, {}, changes, written=True, resumed=True)
            for name, changes in groups.items()
            if changes
        )
    )


def _by_template(changes: Sequence[FileChange], names: Sequence[str]) -> dict[str, tuple[FileChange, ...]]:
    """Group `changes` by those templates; the first one gets the changes of any other."""
    owners = [(change.template if change.template in names else names[0], change) for change in changes]
    return {name: tuple(change for owner, change in owners if owner == name) for name in names}


def warn_if_dirty(folder: Path, console: Console, *, dry_run: bool) -> bool:
    """Return whether the project has uncommitted changes, and warn of them before something is written."""
    dirty = is_dirty(folder)
    if dirty and not dry_run:
        console.warning("the project has uncommitted changes; `git diff` will show them with the update")
    return dirty


def _change(
    templates: Mapping[str, Project],
    selected: Sequence[Project],
    request: UpdateRequest,
    console: Console,
    choose: ChooseAnswers,
    earlier: list[FileChange],
) -> UpdatesResult:
    wanted = []
    for project in selected:
        with _naming(project, several=len(selected) > 1):
            wanted.append(_wanted_update(project, request, console, choose))
    folder = templates[MAIN].folder
    dirty = warn_if_dirty(folder, console, dry_run=request.dry_run)
    with console.progress("Updating"):
        prepared = prepare_updates(wanted, templates)
        applied = apply_updates(folder, prepared, dry_run=request.dry_run)
    names = [update.wanted.project.template for update in prepared.updates]
    finished, changes = _by_template(earlier, names), _by_template(applied, names)
    results = (
        _result(update, finished[name], changes[name], dry_run=request.dry_run, dirty=dirty)
        for name, update in zip(names, prepared.updates, strict=True)
    )
    return UpdatesResult(tuple(results), prepared.waiting)


def _result(
    update: PreparedUpdate,
    finished: tuple[FileChange, ...],
    changes: tuple[FileChange, ...],
    *,
    dry_run: bool,
    dirty: bool,
) -> UpdateResult:
    """The result of an update, after the changes of an earlier one that was `finished`."""
    wanted = update.wanted
    return UpdateResult(
        wanted.project,
        wanted.pattern,
        wanted.answers.remembered,
        finished + changes,
        written=bool(update.edits or finished) and not dry_run,
        resumed=bool(finished),
        dirty=dirty,
        rejected=rejected_answers(wanted.project, wanted.pattern, wanted.answers),
        now_secret=[name for name in wanted.project.options if name in wanted.answers.secret],
        changelog=changes_between(wanted.pattern.folder, wanted.project.version, wanted.pattern.version),
        test=update.rendering.test,
        opening=_opening(wanted.project, wanted.pattern),
        message=update.rendering.update_message,
        briefs=briefs_between(wanted.pattern, previous_version(wanted.project)),
    )


def _wanted_update(
    project: Project, request: UpdateRequest, console: Console, choose: ChooseAnswers
) -> TemplateUpdate:
    successor = request.successors.get(project.pattern) if project.origin.type == "built-in" else None
    with console.progress("Fetching"):
        if successor is None:
            found, source = find_update_source(project, request.pattern, request.to)
        else:
            found, source = with_package_option(find_pattern(successor), project.name), successor
    pattern = ensure_trusted(found, console, request.trust, ask=request.ask, updating=True)
    if not request.dry_run:
        console.message(_opening(project, pattern))
    return TemplateUpdate(project, pattern, choose(project, pattern), source)


def _opening(project: Project, pattern: Pattern) -> str:
    """What `pattern` tells the user before an update to another version."""
    same = pattern.version == project.version
    return "" if same else opening_message(pattern, project.name, updating=True)


@contextmanager
def _naming(project: Project, *, several: bool) -> Iterator[None]:
    """Name the template in errors of an update of `several`."""
    try:
        yield
    except BlueprintError as error:
        if several:
            error.message = f"the template {project.template}: {error.message}"
            error.hint = f"{error.hint} To update one template, add --template NAME.".lstrip()
        raise


def _options(
    project: Project, pattern: Pattern, sets: tuple[str, ...], console: Console, *, ask: bool
) -> Mapping[str, Any]:
    given = options_from_flags(pattern, {}, sets)
    carried = carried_options(project, pattern, given)
    if not ask:
        check_secrets(project, pattern, carried)
        return carried
    asked = Dialog(console).run(partial(ask_options, pattern=pattern, given=carried, project=project.name))
    return carried_options(
        project, pattern, {name: asked[name] for name in asked if name not in carried} | given
    )
