"""Three-way merge of one file's content, with `git merge-file` or, without git, with merge3."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from blueprint.render import File

YOURS = b"<<<<<<< yours\n"
BEFORE = b"||||||| before\n"
MIDDLE = b"=======\n"
THEIRS = b">>>>>>> "

_MOST_CONFLICTS = 127
"""Highest exit status of `git merge-file` that is a number of conflicts; a higher one is an error."""


@dataclass(frozen=True, slots=True)
class MergedText:
    """The merged content. If `conflict`, it contains diff3 markers."""

    content: bytes
    conflict: bool


class _Changed(NamedTuple):
    """The changed region of one side: lines `start` to `end` of the base, `before` and `after` the change."""

    start: int
    end: int
    before: list[bytes]
    after: list[bytes]


def merge_text(base: bytes, yours: bytes, theirs: bytes, label: str) -> MergedText | None:
    """Merge the changes of two sides to `base`; None if both sides changed a binary file.

    `label` names the pattern's side in conflict markers. Lines are compared with their endings, unless a side
    has converted the whole file to one line ending, as a checkout of git does. Then the result has that
    ending, and what the other side did to the endings does not matter.
    """
    contents = (base, yours, theirs)
    merged = _one_sided(*contents)
    if merged is not None or any(map(is_binary, contents)):
        return merged
    ending = _converted(base, yours) or _converted(base, theirs) or _only_ending(b"".join(contents))
    if ending is None:
        return _merge(*contents, label)
    base, yours, theirs = (_with_ending(content, b"\n") for content in contents)
    merged = _merge(base, yours, theirs, label)
    return MergedText(_with_ending(merged.content, ending), merged.conflict)


def is_unedited(base: File, disk: File) -> bool:
    """Whether `disk` equals `base`, perhaps converted to another line ending."""
    if base.executable != disk.executable:
        return False
    if base.content == disk.content:
        return True
    return (
        not is_binary(base.content)
        and _converted(base.content, disk.content) is not None
        and _with_ending(base.content, b"\n") == _with_ending(disk.content, b"\n")
    )


def is_binary(content: bytes) -> bool:
    """Whether `content` contains a NUL byte. git uses the same rule, but only for the first 8,000 bytes."""
    return b"\0" in content


def has_markers(content: bytes) -> bool:
    """Whether `content` contains conflict markers of an update."""
    lines = b"\n" + content.replace(b"\r\n", b"\n")
    return b"\n" + YOURS in lines and b"\n" + THEIRS in lines


def _converted(base: bytes, side: bytes) -> bytes | None:
    """The line ending to which `side` has converted lines of `base`; None if it has several endings."""
    ending = _only_ending(side)
    if ending is None:
        return None
    lines = {line for line in _lines(base) if line.endswith(b"\n") and _ending(line) != ending}
    kept = set(_lines(_with_ending(side, b"\n")))
    return ending if any(_with_ending(line, b"\n") in kept for line in lines) else None


def _only_ending(content: bytes) -> bytes | None:
    """The line ending of all lines of `content`; None if it has several or none."""
    endings = {_ending(line) for line in _lines(content) if line.endswith(b"\n")}
    return endings.pop() if len(endings) == 1 else None


def _ending(line: bytes) -> bytes:
    return b"\r\n" if line.endswith(b"\r\n") else b"\n"


def _with_ending(content: bytes, ending: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\n", ending)


def _merge(base: bytes, yours: bytes, theirs: bytes, label: str) -> MergedText:
    merged = _one_sided(base, yours, theirs) or _merge_disjoint(*map(_lines, (base, yours, theirs)))
    git = _git()
    if merged is None and git:
        merged = _by_git(git, base, yours, theirs, label)
    return merged or _by_merge3(base, yours, theirs, label)


def _one_sided(base: bytes, yours: bytes, theirs: bytes) -> MergedText | None:
    """The merge if at most one side changed, or both made the same change; None otherwise."""
    if yours in (base, theirs):
        return MergedText(theirs, conflict=False)
    if theirs == base:
        return MergedText(yours, conflict=False)
    return None


def _merge_disjoint(base: list[bytes], yours: list[bytes], theirs: list[bytes]) -> MergedText | None:
    """The merge if one side's changes all come before the other's; None otherwise.

    This is the usual case, and it saves starting a process. Between the two regions there must be a line that
    occurs in neither change. Otherwise a diff could place the same change further up or down.
    """
    upper, lower = sorted((_changed(base, yours), _changed(base, theirs)))
    between = base[upper.end : lower.start]
    if set(between) <= {*upper.before, *upper.after, *lower.before, *lower.after}:
        return None
    parts = (base[: upper.start], upper.after, between, lower.after, base[lower.end :])
    return MergedText(b"".join(line for part in parts for line in part), conflict=False)


def _changed(base: list[bytes], side: list[bytes]) -> _Changed:
    start = _common_prefix_length(base, side)
    rest = _common_prefix_length(base[start:][::-1], side[start:][::-1])
    end = len(base) - rest
    return _Changed(start, end, base[start:end], side[start : len(side) - rest])


def _common_prefix_length(one: Sequence[bytes], other: Sequence[bytes]) -> int:
    """Number of equal lines at the start of both sequences."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in same)


@cache
def _git() -> str | None:
    return shutil.which("git")


def _by_git(git: str, base: bytes, yours: bytes, theirs: bytes, label: str) -> MergedText | None:
    """The merge by `git merge-file`; None if git fails."""
    labels = ["-L", "yours", "-L", "before", "-L", label]
    with TemporaryDirectory(prefix="blueprint-merge-") as scratch:
        for name, content in (("yours", yours), ("before", base), ("theirs", theirs)):
            Path(scratch, name).write_bytes(content)
        done = subprocess.run(
            [git, "merge-file", "-p", "-q", "--diff3", *labels, "yours", "before", "theirs"],
            cwd=scratch,
            capture_output=True,
            check=False,
        )
    if 0 <= done.returncode <= _MOST_CONFLICTS:
        return MergedText(done.stdout, conflict=done.returncode > 0)
    return None


def _by_merge3(base: bytes, yours: bytes, theirs: bytes, label: str) -> MergedText:
    # Imported here because they are slow to load, and git or one simple change decides nearly all merges.
    from merge3 import Merge3

    from .matching import LineMatcher

    parts: list[bytes] = []
    conflict = False
    merge = Merge3(_lines(base), _lines(yours), _lines(theirs), sequence_matcher=LineMatcher)
    for group in merge.merge_groups():
        if group[0] == "conflict":
            before, mine, other = map(_ending_in_newline, group[1:])
            parts += (YOURS, mine, BEFORE, before, MIDDLE, other, THEIRS, label.encode(), b"\n")
            conflict = True
        else:
            parts += group[1]
    return MergedText(b"".join(parts), conflict)


def _lines(content: bytes) -> list[bytes]:
    return re.findall(rb"[^\n]*\n|[^\n]+", content)


def _ending_in_newline(lines: Sequence[bytes]) -> bytes:
    """Join the lines and end them with a newline, so that a marker starts on its own line."""
    text = b"".join(lines)
    return text if not text or text.endswith(b"\n") else text + b"\n"
