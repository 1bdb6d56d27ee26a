"""Three-way merge of the content of one file: by git where it has to be decided, by merge3 without git."""

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

from merge3 import Merge3

from blueprint.render import File

YOURS = b"<<<<<<< yours\n"
BEFORE = b"||||||| before\n"
MIDDLE = b"=======\n"
THEIRS = b">>>>>>> "

_MOST_CONFLICTS = 127
"""`git merge-file` counts conflicts up to this number; a status beyond it is an error."""


@dataclass(frozen=True, slots=True)
class MergedText:
    """The merged content; with conflicts, it has diff3 markers."""

    content: bytes
    conflict: bool


class _Changed(NamedTuple):
    """All that one side changed: `after` instead of `before`, the lines from `start` to `end` of the base."""

    start: int
    end: int
    before: list[bytes]
    after: list[bytes]


def merge_text(base: bytes, yours: bytes, theirs: bytes, label: str) -> MergedText | None:
    """Merge what became of `base` on two sides. `label` names the pattern's side in conflict markers.

    Line endings are merged as a whole: where the three differ in them, the text is merged without, and gets
    those of the side that changed them. None if both sides changed what is no text.
    """
    contents = (base, yours, theirs)
    if any(map(is_binary, contents)):
        return _one_sided(*contents)
    endings = [_ending(content) for content in contents]
    if len(set(endings)) == 1:
        return _merge(*contents, label)
    ending = endings[1] if endings[1] != endings[0] else endings[2]
    base, yours, theirs = (_with_ending(content, b"\n") for content in contents)
    merged = _merge(base, yours, theirs, label)
    return MergedText(_with_ending(merged.content, ending), merged.conflict)


def same_file(one: File, other: File) -> bool:
    """Whether two files differ in nothing but the kind of their line endings."""
    return one.executable == other.executable and _same_text(one.content, other.content)


def is_binary(content: bytes) -> bool:
    """Whether `content` is no text: a text has no NUL (git's rule, but for all of the file)."""
    return b"\0" in content


def has_markers(content: bytes) -> bool:
    """Whether a conflict of an update is still in `content`."""
    lines = b"\n" + content.replace(b"\r\n", b"\n")
    return b"\n" + YOURS in lines and b"\n" + THEIRS in lines


def _same_text(one: bytes, other: bytes) -> bool:
    if one == other:
        return True
    if is_binary(one) or is_binary(other) or _ending(one) == _ending(other):
        return False
    return _with_ending(one, b"\n") == _with_ending(other, b"\n")


def _ending(content: bytes) -> bytes:
    return b"\r\n" if 2 * content.count(b"\r\n") > content.count(b"\n") else b"\n"


def _with_ending(content: bytes, ending: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\n", ending)


def _merge(base: bytes, yours: bytes, theirs: bytes, label: str) -> MergedText:
    merged = _one_sided(base, yours, theirs) or _merge_disjoint(*map(_lines, (base, yours, theirs)))
    git = _git()
    if merged is None and git:
        merged = _by_git(git, base, yours, theirs, label)
    return merged or _by_merge3(base, yours, theirs, label)


def _one_sided(base: bytes, yours: bytes, theirs: bytes) -> MergedText | None:
    """The result where only one side changed, or both in the same way."""
    if yours in (base, theirs):
        return MergedText(theirs, conflict=False)
    if theirs == base:
        return MergedText(yours, conflict=False)
    return None


def _merge_disjoint(base: list[bytes], yours: list[bytes], theirs: list[bytes]) -> MergedText | None:
    """The result where all that one side changed stands above all that the other changed, as it usually does.

    Then there is nothing to decide, and no process to start. Between the two there must be a line that is in
    neither change: over others, the same change could be seen further up or down.
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
    """How many lines are the same from the first on."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in same)


@cache
def _git() -> str | None:
    return shutil.which("git")


def _by_git(git: str, base: bytes, yours: bytes, theirs: bytes, label: str) -> MergedText | None:
    """What `git merge-file` makes of it, or None if it cannot."""
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
    parts: list[bytes] = []
    conflict = False
    for group in Merge3(_lines(base), _lines(yours), _lines(theirs)).merge_groups():
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
    """The lines as one text that ends in a newline, so that a marker can follow."""
    text = b"".join(lines)
    return text if not text or text.endswith(b"\n") else text + b"\n"
