"""History of a repository: its files, changes and tags."""

import re
from pathlib import Path
from typing import NamedTuple

from blueprint.errors import SourceError
from blueprint.sources.fetch.git_command import git

from ..errors import EvidenceError

DAY = 86_400
MAX_CHANGES = 20_000

_BOT = re.compile(r"\[bot\]|dependabot|renovate|github-actions|greenkeeper|snyk-bot|-bot@|^bot@")
_VERSION = re.compile(r"(?:(?P<unit>.*?)[-/@_])?v?\d+(?:\.\d+)*(?:[-+.][\w.+-]*)?")


class Change(NamedTuple):
    """A commit that is no merge: seconds since 1970, who made it, and the files that it touches."""

    second: int
    author: int
    files: tuple[str, ...]


class Release(NamedTuple):
    """A tag that looks like a version, of the whole repository or of one unit in it."""

    second: int
    unit: str
    commit: str


class History(NamedTuple):
    """Files of the newest commit, changes of the last year (the newest first), and releases.

    `year_ago` has the files of a year before the newest commit; it is empty if there was no commit yet.
    """

    files: tuple[str, ...]
    changes: tuple[Change, ...]
    releases: tuple[Release, ...]
    year_ago: tuple[str, ...]
    newest: int
    oldest: int


def read_history(folder: Path) -> History:
    """Read the history of the repository in `folder`. Raises EvidenceError."""
    try:
        newest = int(_git(folder, "log", "-1", "--format=%ct"))
        roots = _git(folder, "log", "--max-parents=0", "--format=%ct").split()
        before = _git(folder, "rev-list", "-1", f"--before={newest - 365 * DAY}", "HEAD").strip()
        return History(
            files=_files(folder, "HEAD"),
            changes=_changes(folder, newest - 365 * DAY),
            releases=_releases(folder),
            year_ago=_files(folder, before) if before else (),
            newest=newest,
            oldest=min(map(int, roots)),
        )
    except (SourceError, ValueError) as error:
        message = error.message if isinstance(error, SourceError) else "it has no commit"
        hint = "Name the folder of a git repository with its history: a shallow clone has none."
        raise EvidenceError(f"--repo {folder}: {message}", hint=hint) from error


def _git(folder: Path, *arguments: str) -> str:
    return git("-C", str(folder), *arguments)


def _files(folder: Path, commit: str) -> tuple[str, ...]:
    return tuple(
        path for path in _git(folder, "ls-tree", "-r", "-z", "--name-only", commit).split("\0") if path
    )


def _changes(folder: Path, since: int) -> tuple[Change, ...]:
    output = _git(
        folder, "log", "--no-merges", "--no-renames", "--use-mailmap", f"--since={since}", f"-{MAX_CHANGES}",
        "--format=%x01%ct %aE", "--name-only",
    )  # fmt: skip
    # People are numbered: their addresses are not kept.
    people: dict[str, int] = {}
    changes = []
    for record in output.split("\x01")[1:]:
        head, *names = record.splitlines()
        second, _, address = head.partition(" ")
        if not _BOT.search(address.lower()):
            author = people.setdefault(address.lower(), len(people))
            changes.append(Change(int(second), author, tuple(name for name in names if name)))
    return tuple(changes)


def _releases(folder: Path) -> tuple[Release, ...]:
    form = "--format=%(creatordate:unix) %(objectname) %(*objectname) %(refname:strip=2)"
    releases = []
    for line in _git(folder, "for-each-ref", form, "refs/tags").splitlines():
        second, tag, commit, name = line.split(" ", 3)
        version = _VERSION.fullmatch(name)
        if version and second:
            releases.append(Release(int(second), version["unit"] or "", commit or tag))
    return tuple(releases)
