"""One journal step: idempotent, and never overwrites a file that changed after planning."""

import errno
import hashlib
import os
from pathlib import Path

import msgspec

from blueprint.errors import HostilePatternError, ProjectError, TargetError
from blueprint.render import File
from blueprint.render.paths import STATE, check_path

from ..disk import move_to_new, read_file
from ..merge.inputs import sibling_paths
from ..state import is_state_file

_BLOCKED = "blocked"
"""Stands for the hash of a path where something other than a regular file is, or above which a file is."""


class JournalStep(msgspec.Struct, frozen=True):
    """A file to write or delete.

    `before` and `after` are the hashes of the file before and after the step; None means no file. `staged` is
    a name in the staging folder: a file to write waits there, and a deleted file is moved there. `owner` is
    the path of the change that the step belongs to.
    """

    path: str
    before: str | None
    after: str | None
    staged: str
    owner: str = ""


def file_hash(file: File | None) -> str | None:
    """SHA-256 of the content in hex, followed by `x` for an executable file; None for no file."""
    if file is None:
        return None
    return f"{hashlib.sha256(file.content).hexdigest()}{'x' * file.executable}"


def apply_step(folder: Path, staging: Path, step: JournalStep) -> str | None:
    """Apply `step` if it has not been applied yet.

    Returns a note if the user changed the file after the step was planned, or blocked its path. What the user
    did then stays, and new content is saved beside it. Raises ProjectError, DiskError or OSError.
    """
    _check_path(step.path)
    staged = staging / _checked_name(step.staged)
    return _delete(folder, staged, step) if step.after is None else _write(folder, staged, step)


def _delete(folder: Path, staged: Path, step: JournalStep) -> str | None:
    """Move the file to `staged`.

    Where case is ignored, the path can name another file as soon as a later step has run. The moved file
    shows that this step must not run again.
    """
    target = folder / step.path
    if not os.path.lexists(staged):
        now = _hash_on_disk(folder, step.path)
        if now not in (None, step.before):
            return "not deleted, because it was edited during the update"
        if now is not None:
            target.rename(staged)
    _remove_empty_parents(folder, target)
    return None


def _remove_empty_parents(folder: Path, target: Path) -> None:
    for parent in target.parents:
        if parent == folder:
            return
        try:
            parent.rmdir()
        except FileNotFoundError:
            continue
        except OSError as error:
            # POSIX allows either error for a folder with entries; a link or a file is the user's.
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                return
            raise


def _write(folder: Path, staged: Path, step: JournalStep) -> str | None:
    if not staged.is_file():
        return None
    target = folder / step.path
    now = _hash_on_disk(folder, step.path)
    if now == step.before:
        _move(staged, target, new=now is None)
    elif now == step.after:
        staged.unlink()
    else:
        place = _place_beside(folder, step.path)
        _move(staged, folder / place, new=True)
        return place
    return None


def _place_beside(folder: Path, path: str) -> str:
    """A free path for new content where `path` is in use: `x.new`, or `x.new/y` if `x` is not a folder."""
    parts = path.split("/")
    parents = ("/".join(parts[:depth]) for depth in range(1, len(parts)))
    blocked = next((parent for parent in parents if _blocks(folder / parent)), path)
    places = (f"{sibling}{path.removeprefix(blocked)}" for sibling in sibling_paths(blocked))
    return next(place for place in places if _hash_on_disk(folder, place) is None)


def _blocks(parent: Path) -> bool:
    return os.path.lexists(parent) and (parent.is_symlink() or not parent.is_dir())


def _hash_on_disk(folder: Path, path: str) -> str | None:
    try:
        return file_hash(read_file(folder, path))
    except TargetError:
        return _BLOCKED


def _move(staged: Path, target: Path, *, new: bool) -> None:
    """Move `staged` to `target`; a `new` target must not exist."""
    if new:
        target.parent.mkdir(parents=True, exist_ok=True)
        move_to_new(staged, target)
    else:
        staged.replace(target)


def _check_path(path: str) -> None:
    """Check that an update may write `path`; a project, and so its journal, may come from a stranger."""
    if is_state_file(path):
        return
    try:
        check_path(path)
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
