"""One journal step: idempotent, and never overwrites a file that changed after planning."""

import hashlib
import os
from pathlib import Path

import msgspec

from blueprint.errors import HostilePatternError, ProjectError
from blueprint.render import File
from blueprint.render.paths import STATE, check_path

from ..disk import read_tree
from ..merge.inputs import sibling_paths
from ..state import STATE_FILES


class JournalStep(msgspec.Struct, frozen=True):
    """A file to write or delete.

    `before` and `after` are the hashes of the file before and after the step; None means no file. `staged` is
    the name of the new content in the staging folder.
    """

    path: str
    before: str | None
    after: str | None
    staged: str


def file_hash(file: File | None) -> str | None:
    """SHA-256 of the content in hex, followed by `x` for an executable file; None for no file."""
    if file is None:
        return None
    return f"{hashlib.sha256(file.content).hexdigest()}{'x' * file.executable}"


def apply_step(folder: Path, staging: Path, step: JournalStep) -> str | None:
    """Apply `step` if it has not been applied yet.

    Returns a note if the user changed the file after the step was planned. The file then stays unchanged, and
    new content is saved beside it. Raises ProjectError or OSError.
    """
    target = folder / _checked_path(step.path)
    now = file_hash(read_tree(folder, [step.path]).get(step.path))
    if step.after is None:
        return _delete(folder, target, step, now)
    staged = staging / _checked_name(step.staged)
    if not staged.is_file():
        return None
    if now == step.after:
        staged.unlink()
    elif now == step.before:
        _move(staged, target, new=now is None)
    else:
        name = next(name for name in sibling_paths(step.path) if not os.path.lexists(folder / name))
        _move(staged, folder / name, new=True)
        return name
    return None


def _delete(folder: Path, target: Path, step: JournalStep, now: str | None) -> str | None:
    if now not in (None, step.before):
        return "not deleted, because it was edited during the update"
    target.unlink(missing_ok=True)
    for parent in target.parents:
        if parent == folder or (parent.exists() and any(parent.iterdir())):
            break
        if parent.exists():
            parent.rmdir()
    return None


def _move(staged: Path, target: Path, *, new: bool) -> None:
    """Move `staged` to `target`; a `new` target must not exist."""
    if new:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Unlike a rename, a link fails if another process creates the target at the same moment.
        os.link(staged, target)
        staged.unlink()
    else:
        staged.replace(target)


def _checked_path(path: str) -> str:
    """Return `path` if an update may write it; a project, and so its journal, may come from a stranger."""
    if path in STATE_FILES:
        return path
    try:
        return check_path(path)
    except HostilePatternError as error:
        raise _foreign_journal(error.message) from error


def _checked_name(name: str) -> str:
    if not name.isdecimal():
        raise _foreign_journal(f"{name!r} is not the name of a staged file")
    return name


def _foreign_journal(problem: str) -> ProjectError:
    return ProjectError(
        f"the update journal was not written by blueprint: {problem}",
        hint=f"Delete {STATE}/update in the project, then run the command again.",
    )
