"""Changelog of a pattern: the entries between two versions, and those that concern a file."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from blueprint.patterns.versions import version_key
from blueprint.sources.sanitize import one_line

MAX_BYTES = 256 * 1024
"""Part of a changelog that is read. New versions are at its top."""

_PART = re.compile(r"^(?P<marks>#+)\s+(?P<title>.*)|^[-*+]\s+(?P<item>.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
"""A heading, or a list item with its continuation lines."""

_VERSION = re.compile(r"\[?v?(\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?)(?=[\]\s:(]|$)", re.ASCII)
_NAMED = re.compile(r"`([^`]+)`")


class ChangelogEntry(NamedTuple):
    """One change of a pattern, with the version that brought it."""

    version: str
    text: str


def changes_between(folder: Path, before: str, after: str) -> list[ChangelogEntry]:
    """The entries of CHANGELOG.md in the `folder` of a pattern from `before` (exclusive) to `after`.

    Versions are headings such as `## 1.2.0` or `## [v1.2.0] - 2026-11-01`, and each list item below is an
    entry. Without such a file there are none.
    """
    path = folder / "CHANGELOG.md"
    # A foreign template could link to a file of the user's, which would then be shown.
    if path.is_symlink() or not path.is_file():
        return []
    with path.open("rb") as file:
        text = file.read(MAX_BYTES).decode("utf-8", "replace")
    low, high = version_key(before), version_key(after)
    return [entry for entry in _entries(text) if low < version_key(entry.version) <= high]


def entries_for(path: str, entries: Sequence[ChangelogEntry]) -> list[ChangelogEntry]:
    """Those `entries` that name the file or a folder above it in backticks; all if none does."""
    file = PurePosixPath(path)
    names = {file.name, *map(str, (file, *file.parents))}
    return [
        entry for entry in entries if any(name.rstrip("/") in names for name in _NAMED.findall(entry.text))
    ] or [*entries]


def _entries(text: str) -> Iterator[ChangelogEntry]:
    version, level = "", 0
    for part in _PART.finditer(text):
        if part["item"] is not None:
            if version:
                yield ChangelogEntry(version, one_line(part["item"]))
        elif not version or len(part["marks"]) <= level:
            found = _VERSION.match(part["title"])
            version, level = (found[1], len(part["marks"])) if found else ("", 0)
