"""Unified diffs of files, in the format of git."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from enum import StrEnum

from blueprint.render import File, Tree

from .text import is_binary, is_unedited


class DifferenceKind(StrEnum):
    """What happened to a file."""

    ADDED = "added"
    DELETED = "deleted"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Difference:
    """A file that differs. `text` is its unified diff; it is empty for secret files."""

    path: str
    kind: DifferenceKind
    text: str


def edits_of(base: Tree, disk: Tree) -> list[Difference]:
    """The user's edits to the files of `base`. A change of line endings alone is not an edit."""
    return [
        difference(path, file, disk.get(path))
        for path, file in sorted(base.items())
        if path not in disk or not is_unedited(file, disk[path])
    ]


def difference(path: str, before: File | None, after: File | None) -> Difference:
    """The difference from `before` to `after`, which must differ; None means no file."""
    kind = (
        DifferenceKind.ADDED
        if before is None
        else DifferenceKind.DELETED
        if after is None
        else DifferenceKind.EDITED
    )
    files = [file for file in (before, after) if file]
    if any(file.secret for file in files):
        return Difference(path, kind, "")
    return Difference(path, kind, "".join(_text(path, before, after)))


def _text(path: str, before: File | None, after: File | None) -> Iterator[str]:
    if before and after and before.executable != after.executable:
        yield f"{path}: {'now' if after.executable else 'no longer'} executable\n"
    contents = [file.content if file else b"" for file in (before, after)]
    if any(map(is_binary, contents)):
        yield f"{path}: binary file\n"
        return
    old, new = (content.decode("utf-8", "replace").splitlines(keepends=True) for content in contents)
    names = (f"a/{path}" if before else "/dev/null", f"b/{path}" if after else "/dev/null")
    for line in unified_diff(old, new, *names):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
