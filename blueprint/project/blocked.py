"""Check, before an update writes anything, that nothing is in the way of its new files."""

import os
import stat
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath

from blueprint.errors import TargetError

from .merge.outcome import FileEdit


def check_unblocked(folder: Path, edits: Collection[FileEdit]) -> None:
    """Raise TargetError if something that the update does not delete is in the way of a new file."""
    deleted = {edit.path for edit in edits if edit.after is None}
    created = {edit.path for edit in edits if edit.before is None}
    for path in sorted(created):
        clash = next((str(parent) for parent in PurePosixPath(path).parents if str(parent) in created), None)
        if clash is not None:
            raise TargetError(
                f"cannot create {path}, because another template creates a file {clash}",
                hint="Change an answer of one of the templates, or update only one with --template NAME.",
            )
        obstacle = _obstacle(folder, path, deleted)
        if obstacle is not None:
            raise TargetError(
                f"cannot create {path}, a new file of the pattern: {obstacle} is in the way",
                hint="Move or rename it, then run the command again.",
            )


def _obstacle(folder: Path, path: str, deleted: Collection[str]) -> str | None:
    """The path of what is in the way of `path`; None if nothing is, or only files that are `deleted`."""
    parts = path.split("/")
    for parent in ("/".join(parts[:depth]) for depth in range(1, len(parts))):
        if parent in deleted or not os.path.lexists(folder / parent):
            return None
        if not _is_folder(folder / parent):
            return parent
    if path in deleted or (folder / path).is_symlink():
        return None if path in deleted else path
    # A file with the path of a new one stays: the journal saves the new one beside it.
    if not (folder / path).is_dir():
        return None
    return next((entry for entry in _leaves(folder, path) if entry not in deleted), None)


def _leaves(folder: Path, path: str) -> Iterator[str]:
    """Every file, link and empty folder below the folder `path`, or `path` itself if it is empty."""
    entries: Iterable[str] = sorted(os.listdir(folder / path))
    if not entries:
        yield path
    for entry in (f"{path}/{name}" for name in entries):
        if _is_folder(folder / entry):
            yield from _leaves(folder, entry)
        else:
            yield entry


def _is_folder(location: Path) -> bool:
    return stat.S_ISDIR(location.lstat().st_mode)
