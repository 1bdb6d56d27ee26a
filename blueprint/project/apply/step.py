"""One step of a journal: safe to take again, and careful with what has changed since it was planned."""

import hashlib
import os
from pathlib import Path

import msgspec

from blueprint.errors import HostilePatternError, ProjectError
from blueprint.render import File
from blueprint.render.paths import check_path

from ..disk import read_tree
from ..merge.inputs import sibling_paths
from ..state import STATE_FILES


class JournalStep(msgspec.Struct, frozen=True):
    """A file to write or delete. `before` is the digest of what must be there, `after` of what will be (None
    is no file); `staged` names the new content in the staging folder."""

    path: str
    before: str | None
    after: str | None
    staged: str


def file_hash(file: File | None) -> str | None:
    """What tells one file from another: its bytes, and whether it can be executed."""
    if file is None:
        return None
    return f"{hashlib.sha256(file.content).hexdigest()}{'x' * file.executable}"


def apply_step(folder: Path, staging: Path, step: JournalStep) -> str | None:
    """Take `step`, or do nothing if it was taken already.

    Returns a note if the user changed the file since the step was planned: then nothing of it is touched, and
    new content goes to a name beside it. Raises ProjectError or OSError.
    """
    place = folder / _checked(step.path)
    now = file_hash(read_tree(folder, [step.path]).get(step.path))
    if step.after is None:
        return _delete(folder, place, step, now)
    staged = staging / _plain(step.staged)
    if not staged.is_file():
        return None
    if now == step.after:
        staged.unlink()
    elif now == step.before:
        _put(staged, place, new=now is None)
    else:
        name = next(name for name in sibling_paths(step.path) if not os.path.lexists(folder / name))
        _put(staged, folder / name, new=True)
        return name
    return None


def _delete(folder: Path, place: Path, step: JournalStep, now: str | None) -> str | None:
    if now not in (None, step.before):
        return "edited meanwhile"
    place.unlink(missing_ok=True)
    for parent in place.parents:
        if parent == folder or (parent.exists() and any(parent.iterdir())):
            break
        if parent.exists():
            parent.rmdir()
    return None


def _put(staged: Path, place: Path, *, new: bool) -> None:
    """Move `staged` to `place`. A link, unlike a rename, never replaces a file made at the same moment."""
    if new:
        place.parent.mkdir(parents=True, exist_ok=True)
        os.link(staged, place)
        staged.unlink()
    else:
        staged.replace(place)


def _checked(path: str) -> str:
    """`path` if an update may write it: the journal is in a project, and that can come from a stranger."""
    if path in STATE_FILES:
        return path
    try:
        return check_path(path)
    except HostilePatternError as error:
        raise ProjectError(f"the journal is not blueprint's: {error.message}", hint="Delete it.") from error


def _plain(name: str) -> str:
    if not name.isdecimal():
        raise ProjectError(f"the journal is not blueprint's: {name!r}", hint="Delete it.")
    return name
