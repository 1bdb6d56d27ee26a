"""What `blueprint update` does, step by step; every verb that changes a project does it the same way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint.errors import ProjectError
from blueprint.patterns import Answers, Pattern, check_answers
from blueprint.project.apply.journal import apply_edits, finish_update, is_interrupted, update_lock
from blueprint.project.git import is_dirty
from blueprint.project.load import Project, find_project, load_project
from blueprint.project.merge.outcome import FileChange
from blueprint.project.origin import check_version, find_update_source
from blueprint.project.update import carried_options, check_secrets, prepare_update

from .. import interrupts
from ..console import Console
from ..inputs import options_from_flags
from ..trust import ensure_trusted
from ..wizard import ask_options
from .result import UpdateResult, needs_you


@dataclass(frozen=True)
class UpdateRequest:
    """Which project is changed, and how.

    `pattern` is where its pattern is now if it has moved, `to` its version, `trust` the digest of a template
    whose code may run, `ask` whether there is somebody to ask.
    """

    project: Path
    pattern: str | None = None
    to: str | None = None
    trust: str | None = None
    dry_run: bool = False
    ask: bool = False


ChooseAnswers = Callable[[Project, Pattern], Answers]
"""The answers that a project shall have from now on. Raises BlueprintError to refuse."""


def run_update(
    request: UpdateRequest, console: Console, *, sets: tuple[str, ...] = (), force: bool = False
) -> UpdateResult:
    """Bring the project of `request` up to its pattern, with the answers of `sets`. Raises BlueprintError."""

    def decide(project: Project, pattern: Pattern) -> Answers:
        if not force:
            check_version(project, pattern)
        return check_answers(
            pattern, project.name, _options(project, pattern, sets, console, ask=request.ask)
        )

    return change_project(request, console, decide)


def change_project(request: UpdateRequest, console: Console, decide: ChooseAnswers) -> UpdateResult:
    """Bring a project to the answers of `decide`; an interrupted update is finished first.

    Raises BlueprintError.
    """
    folder = find_project(request.project)
    with update_lock(folder):
        earlier = _finish_earlier(folder, dry_run=request.dry_run)
        if needs_you(earlier):
            return UpdateResult(load_project(folder), None, {}, tuple(earlier), written=True, resumed=True)
        return _change(load_project(folder), request, console, decide, earlier)


def _finish_earlier(folder: Path, *, dry_run: bool) -> list[FileChange]:
    if not is_interrupted(folder):
        return []
    if dry_run:
        raise ProjectError(
            f"an update of {folder} was interrupted",
            hint="Finish it first with `blueprint update`, without --dry-run.",
        )
    interrupts.ignore()
    return finish_update(folder)


def _change(
    project: Project,
    request: UpdateRequest,
    console: Console,
    decide: ChooseAnswers,
    earlier: list[FileChange],
) -> UpdateResult:
    with console.progress("Fetching"):
        found, source = find_update_source(project, request.pattern, request.to)
    pattern = ensure_trusted(found, console, request.trust, ask=request.ask, updating=True)
    answers = decide(project, pattern)
    dirty = is_dirty(project.folder)
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
