"""Write-ahead journal of an update: it survives an interruption at any moment, even `kill -9`.

All new contents are first written to `.blueprint/update/`, followed by a journal that lists the steps.
Without a journal, the project is unchanged. The rename that creates the journal commits the update. After
that, each step moves one file into or out of `.blueprint/update/`, and the next run of `blueprint update`
completes the remaining steps.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec

from blueprint.errors import DiskError, ProjectError
from blueprint.render import File
from blueprint.render.paths import STATE

from ..merge.outcome import FileChange, FileEdit, FileOutcome
from .step import JournalStep, apply_step, file_hash

STAGING = f"{STATE}/update"
_JOURNAL = "journal.json"


class _Journal(msgspec.Struct, frozen=True):
    """The steps of a committed update in order, and the changes to report once they are applied."""

    steps: list[JournalStep]
    changes: list[FileChange]


@contextmanager
def update_lock(folder: Path) -> Iterator[None]:
    """Lock the project in `folder` against concurrent updates. Raises ProjectError if it is locked."""
    handle = os.open(folder / STATE, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise ProjectError(
            f"{folder} is being updated by another process",
            hint="Wait until it has finished, then run the command again.",
        ) from None
    finally:
        os.close(handle)


def is_interrupted(folder: Path) -> bool:
    """Whether the project in `folder` has an update that was committed but not completed."""
    staging = folder / STAGING
    return not staging.is_symlink() and os.path.lexists(staging / _JOURNAL)


def discard_uncommitted(folder: Path) -> None:
    """Delete what an update left behind that was killed before its commit, or after its last step."""
    if not is_interrupted(folder):
        _clear(folder / STAGING)


def apply_edits(
    folder: Path,
    edits: Sequence[FileEdit],
    changes: Sequence[FileChange],
    *,
    before_commit: Callable[[], None],
) -> list[FileChange]:
    """Apply `edits` to the project in `folder`, and return `changes` with their final outcomes.

    `before_commit` is called when all contents are staged. It may raise to abandon the update, which leaves
    the project unchanged. Once it has returned, the caller must not interrupt the function. Raises DiskError.
    """
    staging = folder / STAGING
    try:
        _clear(staging)
        staging.mkdir()
        owners = {edit.path: change.path for change in changes for edit in change.edits}
        steps = [
            _stage(folder, number, edit, owners.get(edit.path, ""))
            for number, edit in enumerate(_in_order(edits))
        ]
        journal = _Journal(steps, [replace(change, edits=()) for change in changes])
        draft = staging / "draft"
        draft.write_bytes(msgspec.json.encode(journal))
        before_commit()
        draft.rename(staging / _JOURNAL)
    except BaseException as error:
        shutil.rmtree(staging, ignore_errors=True)
        if isinstance(error, OSError):
            raise _disk_error(
                folder, error, "Nothing was changed. Fix the problem and run the command again."
            ) from error
        raise
    return finish_update(folder)


def finish_update(folder: Path) -> list[FileChange]:
    """Apply the remaining steps of a committed update, and return its changes with their final outcomes.

    A file that was edited after the commit stays unchanged, and the pattern's file is saved beside it. Raises
    DiskError or ProjectError.
    """
    staging = folder / STAGING
    journal = _read(staging / _JOURNAL)
    try:
        applied = [(step.owner, apply_step(folder, staging, step)) for step in journal.steps]
        (staging / _JOURNAL).unlink()
        _clear(staging)
    except OSError as error:
        raise _disk_error(
            folder, error, "Fix the problem and run `blueprint update` again to complete the update."
        ) from error
    notes = {owner: note for owner, note in applied if note is not None}
    return [_final_change(change, notes) for change in journal.changes]


def _final_change(change: FileChange, notes: Mapping[str, str]) -> FileChange:
    note = notes.get(change.path)
    return change if note is None else replace(change, outcome=FileOutcome.BESIDE, note=note)


def _in_order(edits: Sequence[FileEdit]) -> list[FileEdit]:
    """Put deletions first: a file can become a folder, a folder a file, and a name another spelling."""
    return sorted(edits, key=lambda edit: edit.after is not None)


def _stage(folder: Path, number: int, edit: FileEdit, owner: str) -> JournalStep:
    name = f"{number:05}"
    step = JournalStep(edit.path, file_hash(edit.before), file_hash(edit.after), name, owner)
    if edit.after is None:
        return step
    descriptor = os.open(folder / STAGING / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, edit.after.mode)
    with open(descriptor, "wb") as stream:
        stream.write(edit.after.content)
    if edit.before is not None:
        (folder / STAGING / name).chmod(_mode(folder / edit.path, edit.before, edit.after))
    return step


def _mode(path: Path, before: File, after: File) -> int:
    """The permissions of the file at `path`, with execute permission as in `after`.

    If the file was not secret before but is now, only its owner may read it.
    """
    mode = path.stat().st_mode & (0o700 if after.secret and not before.secret else 0o777)
    if before.executable == after.executable:
        return mode
    return mode | (mode & 0o444) >> 2 if after.executable else mode & ~0o111


def _read(path: Path) -> _Journal:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Journal)
    except (OSError, msgspec.MsgspecError) as error:
        problem = error.strerror if isinstance(error, OSError) else "blueprint did not write it"
        raise ProjectError(
            f"cannot read {path}: {problem}", hint=f"Delete {path.parent} and run `blueprint update` again."
        ) from error


def _clear(staging: Path) -> None:
    if staging.is_symlink():
        staging.unlink()
    elif staging.exists():
        shutil.rmtree(staging)


def _disk_error(folder: Path, error: OSError, hint: str) -> DiskError:
    place = f": {error.filename}" if error.filename else ""
    return DiskError(f"cannot update {folder}: {error.strerror}{place}", hint=hint)
