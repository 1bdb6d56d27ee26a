"""Files of an update, as text and as JSON; those that need a decision come with what a repair takes."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TypedDict

from blueprint.project.changelog import ChangelogEntry, entries_for
from blueprint.project.merge.outcome import INTENTION, MEANING, NEEDS_YOU, FileChange, FileOutcome
from blueprint.render import File

from ..console import Console

NO_TEST = "blueprint update --check"
"""Proof of a repair if the pattern names no test: it fails while conflict markers are left."""

_NO_HEADINGS: Mapping[FileOutcome, str] = MappingProxyType({})


class EntryOutput(TypedDict):
    """An entry of the pattern's changelog, with the version that brought it."""

    version: str
    text: str


class RepairOutput(TypedDict):
    """What it takes to repair a file.

    `base`, `yours` and `theirs` are its content as blueprint wrote it last, as it was before this update, and
    as the pattern has it now; null means no file, a secret one, or one that is not text. `changelog` says why
    the pattern changed it, and `proof` is the command, to run in the project, that shows that it works again.
    """

    base: str | None
    yours: str | None
    theirs: str | None
    changelog: list[EntryOutput]
    proof: str


class FileOutput(TypedDict):
    """A file with its outcome. `was` is the previous path of a renamed file, and `note` a detail.

    Only files that need a decision have `repair`.
    """

    path: str
    outcome: FileOutcome
    was: str | None
    note: str
    repair: RepairOutput | None


def needs_you(changes: Iterable[FileChange]) -> int:
    """Return how many files need a decision from the user."""
    return sum(change.outcome in NEEDS_YOU for change in changes)


def changelog_as_json(entries: Iterable[ChangelogEntry]) -> list[EntryOutput]:
    """Return the entries of a changelog."""
    return [{"version": entry.version, "text": entry.text} for entry in entries]


def files_as_json(
    changes: Iterable[FileChange], changelog: Sequence[ChangelogEntry], test: str
) -> list[FileOutput]:
    """Return every file with its outcome. `test` is the command that tests the project, or empty."""
    return [
        {
            "path": change.path,
            "outcome": change.outcome,
            "was": change.was,
            "note": change.note,
            "repair": _repair(change, changelog, test) if change.outcome in NEEDS_YOU else None,
        }
        for change in changes
    ]


def _repair(change: FileChange, changelog: Sequence[ChangelogEntry], test: str) -> RepairOutput:
    versions = change.versions
    return {
        "base": _text(versions.base) if versions else None,
        "yours": _text(versions.yours) if versions else None,
        "theirs": _text(versions.theirs) if versions else None,
        "changelog": changelog_as_json(entries_for(change.path, changelog)),
        "proof": test or NO_TEST,
    }


def _text(file: File | None) -> str | None:
    return file.text if file else None


def describe_files(
    console: Console,
    changes: Iterable[FileChange],
    *,
    written: bool,
    headings: Mapping[FileOutcome, str] = _NO_HEADINGS,
) -> None:
    """Print the files by outcome; those that need a decision come last.

    `headings` replace the usual ones of an update.
    """
    listed: dict[FileOutcome, list[FileChange]] = {outcome: [] for outcome in FileOutcome}
    for change in changes:
        listed[change.outcome].append(change)
    del listed[FileOutcome.UNCHANGED]
    for outcome, files in listed.items():
        if not files:
            continue
        meaning = {**(MEANING if written else INTENTION), **headings}[outcome]
        console.line()
        console.line(f"{meaning[:1].upper()}{meaning[1:]}:")
        for change in files:
            was = f" (was {change.was})" if change.was else ""
            note = f" ({change.note})" if change.note else ""
            console.line(f"  {change.path}{was}{note}")
