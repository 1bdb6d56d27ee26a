"""What an update does to a file, as a stable word and as a sentence."""

from dataclasses import dataclass, field
from enum import StrEnum

from blueprint.render import File


class FileOutcome(StrEnum):
    """What becomes of one file. The words are part of the interface: they never change."""

    UNCHANGED = "unchanged"
    CREATED = "created"
    UPDATED = "updated"
    MERGED = "merged"
    MIGRATED = "migrated"
    DELETED = "deleted"
    EXTENDED = "extended"
    KEPT = "kept"
    LEFT_DELETED = "left-deleted"
    KEPT_SECRET = "kept-secret"  # noqa: S105 - no password
    KEPT_MIGRATION = "kept-migration"
    REPLACED = "replaced"
    BESIDE = "beside"
    CONFLICT = "conflict"


MEANING = {
    FileOutcome.UNCHANGED: "as they were",
    FileOutcome.CREATED: "new",
    FileOutcome.UPDATED: "updated; you had not edited them",
    FileOutcome.MERGED: "merged with your edits",
    FileOutcome.MIGRATED: "changed by migrations of the template, which you trust",
    FileOutcome.DELETED: "deleted; the pattern has them no more, and you had not edited them",
    FileOutcome.EXTENDED: "extended by variables that were missing; nothing else in them was changed",
    FileOutcome.KEPT: "kept, because you edited them; the pattern has them no more",
    FileOutcome.LEFT_DELETED: "not made again, because you deleted them; the pattern changed them",
    FileOutcome.KEPT_SECRET: "files of secrets, for you to change: the answers give other values now",
    FileOutcome.KEPT_MIGRATION: "kept migrations; the pattern changed them, but a database may have run them",
    FileOutcome.REPLACED: "left alone, because you put something else there; the pattern changed them",
    FileOutcome.BESIDE: "not merged; yours is as it was, and the pattern's stands beside it",
    FileOutcome.CONFLICT: "in conflict; look for <<<<<<< and decide",
}
"""Each outcome as the heading of a list of files."""

NEEDS_YOU = frozenset(
    {
        FileOutcome.KEPT_SECRET,
        FileOutcome.KEPT_MIGRATION,
        FileOutcome.REPLACED,
        FileOutcome.BESIDE,
        FileOutcome.CONFLICT,
    }
)
"""What is not done until somebody has looked at it."""


@dataclass(frozen=True, slots=True)
class FileEdit:
    """One file that changes on disk: what must be there, and what will be. None is no file."""

    path: str
    before: File | None
    after: File | None


@dataclass(frozen=True, slots=True)
class FileChange:
    """What becomes of one file; `was` is its path before a move, `note` what is worth knowing besides."""

    path: str
    outcome: FileOutcome
    edits: tuple[FileEdit, ...] = field(default=())
    was: str | None = None
    note: str = ""
