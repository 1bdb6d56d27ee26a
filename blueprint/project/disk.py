"""Files of a project on disk: read them, plan what to write, and write a new project atomically."""

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from blueprint.errors import DiskError, TargetError
from blueprint.render import File, Tree

_NO_LINKS = (errno.EPERM, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)
"""Errors of file systems without hard links, such as exFAT and folders that a virtual machine shares."""


def read_tree(folder: Path, paths: Iterable[str]) -> Tree:
    """Read those of `paths` that are files in `folder`; a missing folder counts as empty.

    Raises TargetError where a path is blocked by anything but regular files and folders. Links are never
    followed, because they can lead out of `folder`. Raises DiskError for a file that cannot be read.
    """
    tree = {}
    for path in paths:
        file = read_file(folder, path)
        if file is not None:
            tree[path] = file
    return tree


def read_file(folder: Path, path: str) -> File | None:
    """Read one file in `folder` as `read_tree` does; None if it does not exist."""
    location = folder
    *parents, name = path.split("/")
    try:
        for parent in parents:
            location /= parent
            if not stat.S_ISDIR(location.lstat().st_mode):
                raise _in_the_way(location)
        location /= name
        status = location.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise _in_the_way(location)
        return File(location.read_bytes(), executable=bool(status.st_mode & 0o100))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DiskError(
            f"cannot read {location}: {error.strerror}", hint="Make it readable, and run the command again."
        ) from error


def _in_the_way(location: Path) -> TargetError:
    return TargetError(f"{location} is in the way", hint="Move it, or choose another folder with --output.")


class Action(StrEnum):
    """Action for one file of a plan."""

    CREATE = "create"
    KEEP = "keep"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of a plan, with the content that blueprint wants to write."""

    path: str
    action: Action
    file: File


@dataclass(frozen=True)
class WritePlan:
    """The planned action for each file, in the order of the tree."""

    files: tuple[PlannedFile, ...]

    def paths(self, action: Action) -> list[str]:
        """The paths of the files with this `action`."""
        return [file.path for file in self.files if file.action is action]

    def tree(self, action: Action) -> Tree:
        """The contents of the files with this `action`, by path."""
        return {file.path: file.file for file in self.files if file.action is action}


def plan_write(base: Tree, tree: Tree, disk: Tree) -> WritePlan:
    """Plan how to get from `disk` to `tree`; `base` is what blueprint wrote last.

    Planning is pure, so a dry run and the real run cannot differ.
    A file that already has the wanted content is kept. A file that is unchanged since `base`, or missing in
    both, is created. Any other file was created or edited by the user and is a conflict.
    """
    return WritePlan(
        tuple(_planned(path, base.get(path), file, disk.get(path)) for path, file in tree.items())
    )


def _planned(path: str, base: File | None, file: File, disk: File | None) -> PlannedFile:
    if disk == file:
        return PlannedFile(path, Action.KEEP, file)
    return PlannedFile(path, Action.CREATE if disk == base else Action.CONFLICT, file)


def write(tree: Tree, target: Path, *, before_commit: Callable[[], None]) -> None:
    """Write the files of `tree`, none of which exists yet, into the folder `target`.

    The files are written to a staging folder on the same file system and then moved into place.
    `before_commit` is called when all files are staged. It may raise to abandon the write. Once it has
    returned, the caller must not interrupt the function. A failure leaves nothing behind. Raises DiskError.
    """
    try:
        if target.is_dir():
            _add_to(target, tree, before_commit)
        else:
            _create(target, tree, before_commit)
    except OSError as error:
        raise _disk_error(error, target) from error


def _create(target: Path, tree: Tree, before_commit: Callable[[], None]) -> None:
    """Stage the topmost missing folder, so that one rename creates all of `target`."""
    top = target
    while not top.parent.is_dir():
        top = top.parent
    staging = _staging(top.parent)
    try:
        _write_files(staging / target.relative_to(top), tree)
        before_commit()
        staging.rename(top)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def _add_to(target: Path, tree: Tree, before_commit: Callable[[], None]) -> None:
    """Stage inside `target`, which may be a mount point, and move file by file; undo all moves on failure."""
    staging = _staging(target)
    created: list[Path] = []
    try:
        _write_files(staging, tree)
        before_commit()
        for path in tree:
            _move(staging / path, target / path, created)
    except BaseException:
        for entry in reversed(created):
            entry.rmdir() if entry.is_dir() else entry.unlink()
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _move(staged: Path, target: Path, created: list[Path]) -> None:
    missing = [folder for folder in target.parents if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir()
        created.append(folder)
    move_to_new(staged, target)
    created.append(target)


def move_to_new(staged: Path, target: Path) -> None:
    """Move the file `staged` to `target`, which must not exist. Raises OSError."""
    try:
        # Unlike a rename, a link never replaces a file that appeared in the meantime.
        os.link(staged, target)
    except OSError as error:
        if error.errno not in _NO_LINKS or os.path.lexists(target):
            raise
        staged.rename(target)
    else:
        staged.unlink()


def _staging(parent: Path) -> Path:
    return parent / f".blueprint-{secrets.token_hex(8)}"


def _write_files(folder: Path, tree: Tree) -> None:
    folder.mkdir(parents=True)
    made = {folder}
    for path, file in tree.items():
        location = folder / path
        if location.parent not in made:
            location.parent.mkdir(parents=True, exist_ok=True)
            made.add(location.parent)
        _write_file(location, file)


def _write_file(location: Path, file: File) -> None:
    descriptor = os.open(location, os.O_WRONLY | os.O_CREAT | os.O_EXCL, file.mode)
    with open(descriptor, "wb") as stream:
        stream.write(file.content)


def _disk_error(error: OSError, target: Path) -> DiskError:
    return DiskError(
        f"cannot write {target}: {error.strerror}",
        hint="Nothing was written. Fix the problem, or choose another folder with --output.",
    )
