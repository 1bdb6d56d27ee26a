"""Steps of `blueprint update`, which every verb that changes a project shares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint.errors import ProjectError
from blueprint.patterns import Answers, Pattern, check_answers
from blueprint.project.apply.journal import (
    apply_edits,
    discard_uncommitted,
    finish_update,
    is_interrupted,
    update_lock,
)
from blueprint.project.git import is_dirty
from blueprint.project.load import Project, find_project, load_project
from blueprint.project.merge.outcome import FileChange
from blueprint.project.origin import check_version, find_update_source
from blueprint.project.update import carried_options, check_secrets, prepare_update, rejected_answers

from .. import interrupts
from ..console import Console
from ..inputs import options_from_flags
from ..trust import ensure_trusted
from ..wizard import ask_options
from .result import UpdateResult, needs_you


@dataclass(frozen=True)
class UpdateRequest:
    """Parameters of an update.

    `pattern` is the new location of a pattern that moved, `to` the version to update to, and `trust` the
    digest of a template whose code may run. Questions are asked only if `ask`.
    """

    project: Path
    pattern: str | None = None
    to: str | None = None
    trust: str | None = None
    dry_run: bool = False
    ask: bool = False


ChooseAnswers = Callable[[Project, Pattern], Answers]
"""Chooses the new answers of a project; raises BlueprintError to refuse the update."""


def run_update(
    request: UpdateRequest, console: Console, *, sets: tuple[str, ...] = (), force: bool = False
) -> UpdateResult:
    """Update the project of `request`, with the answers in `sets` changed. Raises BlueprintError."""

    def choose(project: Project, pattern: Pattern) -> Answers:
        if not force:
            check_version(project, pattern)
        return check_answers(
            pattern, project.name, _options(project, pattern, sets, console, ask=request.ask)
        )

    return change_project(request, console, choose)


def change_project(request: UpdateRequest, console: Console, choose: ChooseAnswers) -> UpdateResult:
    """Update a project to the answers that `choose` returns, after finishing an interrupted update.

    If the interrupted update left conflicts, nothing else is changed. Raises BlueprintError.
    """
    folder = find_project(request.project)
    with update_lock(folder):
        earlier = _finish_earlier(folder, dry_run=request.dry_run)
        if needs_you(earlier):
            return UpdateResult(load_project(folder), None, {}, tuple(earlier), written=True, resumed=True)
        return _change(load_project(folder), request, console, choose, earlier)


def _finish_earlier(folder: Path, *, dry_run: bool) -> list[FileChange]:
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


def _change(
    project: Project,
    request: UpdateRequest,
    console: Console,
    choose: ChooseAnswers,
    earlier: list[FileChange],
) -> UpdateResult:
    with console.progress("Fetching"):
        found, source = find_update_source(project, request.pattern, request.to)
    pattern = ensure_trusted(found, console, request.trust, ask=request.ask, updating=True)
    answers = choose(project, pattern)
    dirty = is_dirty(project.folder)
    if dirty and not request.dry_run:
        console.warning("the project has uncommitted changes; `git diff` will show them with the update")
    with console.progress("Updating"):
        update = prepare_update(project, pattern, answers, source)
        changes = list(update.changes)
        if update.edits and not request.dry_run:
            changes = apply_edits(project.folder, update.edits, changes, before_commit=interrupts.ignore)
    return UpdateResult(
        project,
        pattern,
        answers.remembered,
        tuple(earlier + changes),
        written=bool(update.edits or earlier) and not request.dry_run,
        resumed=bool(earlier),
        dirty=dirty,
        rejected=rejected_answers(project, pattern, answers),
        now_secret=[name for name in project.options if name in answers.secret],
    )


def _options(
    project: Project, pattern: Pattern, sets: tuple[str, ...], console: Console, *, ask: bool
) -> Mapping[str, Any]:
    given = options_from_flags(pattern, {}, sets)
    carried = carried_options(project, pattern, given)
    if not ask:
        check_secrets(project, pattern, carried)
        return carried
    asked = ask_options(console, pattern, carried, project.name)
    return carried_options(
        project, pattern, {name: asked[name] for name in asked if name not in carried} | given
    )
