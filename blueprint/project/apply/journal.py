"""Carry out the edits of an update so that it can be stopped at any moment, even by `kill -9`.

All new contents are written to `.blueprint/update/` first, then a journal that lists the steps. Until the
journal is there, nothing has happened. From then on the update is decided: each step is one rename, one link
or one deletion, and whoever comes next takes those that are left.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    """The steps of a decided update, in order, and what to report, whoever takes them."""

    steps: list[JournalStep]
    changes: list[FileChange]


@contextmanager
def update_lock(folder: Path) -> Iterator[None]:
    """Let nobody else update the project in `folder` meanwhile. Raises ProjectError."""
    handle = os.open(folder / STATE, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise ProjectError(
            f"{folder} is being updated by another process", hint="Wait for it, then run this again."
        ) from None
    finally:
        os.close(handle)


def is_interrupted(folder: Path) -> bool:
    """Whether an update of the project in `folder` was decided but not finished."""
    return os.path.lexists(folder / STAGING / _JOURNAL)


def apply_edits(
    folder: Path,
    edits: Sequence[FileEdit],
    changes: Iterable[FileChange],
    *,
    before_commit: Callable[[], None],
) -> list[FileChange]:
    """Make the `edits` in the project in `folder`, and return `changes` as they came out.

    `before_commit` is called when all is staged: it may raise to abandon, which leaves nothing behind; after
    it the caller must let the work finish. Raises DiskError.
    """
    staging = folder / STAGING
    try:
        _clear(staging)
        staging.mkdir()
        steps = [_stage(folder, number, edit) for number, edit in enumerate(_in_order(edits))]
        journal = _Journal(steps, [replace(change, edits=()) for change in changes])
        draft = staging / "draft"
        draft.write_bytes(msgspec.json.encode(journal))
        before_commit()
        draft.rename(staging / _JOURNAL)
    except BaseException as error:
        shutil.rmtree(staging, ignore_errors=True)
        if isinstance(error, OSError):
            raise _disk_error(folder, error, "Nothing was changed.") from error
        raise
    return finish_update(folder)


def finish_update(folder: Path) -> list[FileChange]:
    """Take the steps that are left of a decided update, and return its changes as they came out.

    A file that somebody edited since the update was decided is left as it is, with the pattern's beside it.
    Raises DiskError or ProjectError.
    """
    staging = folder / STAGING
    journal = _read(staging / _JOURNAL)
    try:
        notes = {step.path: apply_step(folder, staging, step) for step in journal.steps}
        (staging / _JOURNAL).unlink()
        _clear(staging)
    except OSError as error:
        raise _disk_error(folder, error, "Put that right and run `blueprint update` again.") from error
    return [_final_change(change, notes) for change in journal.changes]


def _final_change(change: FileChange, notes: Mapping[str, str | None]) -> FileChange:
    note = notes.get(change.path)
    return change if note is None else replace(change, outcome=FileOutcome.BESIDE, note=note)


def _in_order(edits: Sequence[FileEdit]) -> list[FileEdit]:
    """First what makes room (a file where a folder will be), then what is written, then other deletions."""
    folders = {str(parent) for edit in edits if edit.after for parent in Path(edit.path).parents}
    return sorted(edits, key=lambda edit: 1 if edit.after else 0 if edit.path in folders else 2)


def _stage(folder: Path, number: int, edit: FileEdit) -> JournalStep:
    if edit.after is None:
        return JournalStep(edit.path, file_hash(edit.before), None, "")
    name = f"{number:05}"
    descriptor = os.open(folder / STAGING / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, edit.after.mode)
    with open(descriptor, "wb") as stream:
        stream.write(edit.after.content)
    if edit.before is not None:
        (folder / STAGING / name).chmod(_mode(folder / edit.path, edit.before, edit.after))
    return JournalStep(edit.path, file_hash(edit.before), file_hash(edit.after), name)


def _mode(place: Path, before: File, after: File) -> int:
    """The permissions of the file that is there, with the right to execute as it will be."""
    mode = place.stat().st_mode & 0o777
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
    if staging.exists():
        shutil.rmtree(staging)


def _disk_error(folder: Path, error: OSError, hint: str) -> DiskError:
    return DiskError(f"cannot update {folder}: {error.strerror}: {error.filename}", hint=hint)
