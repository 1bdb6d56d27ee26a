"""How one file differs from another, as people read it: a unified diff, as git writes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from enum import StrEnum

from blueprint.render import File, Tree

from .text import is_binary, same_file


class DifferenceKind(StrEnum):
    """What happened to a file."""

    ADDED = "added"
    DELETED = "deleted"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Difference:
    """A file that differs; `text` is the unified diff, empty for what is no text and for secrets."""

    path: str
    kind: DifferenceKind
    text: str


def edits_of(base: Tree, disk: Tree) -> list[Difference]:
    """What the user has done to the files of `base`; another kind of line ending is no edit."""
    return [
        difference(path, file, disk.get(path))
        for path, file in sorted(base.items())
        if path not in disk or not same_file(file, disk[path])
    ]


def difference(path: str, before: File | None, after: File | None) -> Difference:
    """The way from `before` to `after`, which differ; None is no file."""
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
        yield f"{path}: {'can be executed' if after.executable else 'can be executed no more'}\n"
    contents = [file.content if file else b"" for file in (before, after)]
    if any(map(is_binary, contents)):
        yield f"{path}: no text\n"
        return
    old, new = (content.decode("utf-8", "replace").splitlines(keepends=True) for content in contents)
    names = (f"a/{path}" if before else "/dev/null", f"b/{path}" if after else "/dev/null")
    for line in unified_diff(old, new, *names):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
