"""What an update does to a file, as a stable word and as a sentence."""

from dataclasses import dataclass, field
from enum import StrEnum

from blueprint.render import File


class Outcome(StrEnum):
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
    Outcome.UNCHANGED: "as they were",
    Outcome.CREATED: "new",
    Outcome.UPDATED: "updated; you had not edited them",
    Outcome.MERGED: "merged with your edits",
    Outcome.MIGRATED: "changed by migrations of the template, which you trust",
    Outcome.DELETED: "deleted; the pattern has them no more, and you had not edited them",
    Outcome.EXTENDED: "extended by variables that were missing; nothing else in them was changed",
    Outcome.KEPT: "kept, because you edited them; the pattern has them no more",
    Outcome.LEFT_DELETED: "not made again, because you deleted them; the pattern changed them",
    Outcome.KEPT_SECRET: "files of secrets, for you to change: the answers give other values now",
    Outcome.KEPT_MIGRATION: "kept migrations; the pattern changed them, but a database may have run them",
    Outcome.REPLACED: "left alone, because you put something else there; the pattern changed them",
    Outcome.BESIDE: "not merged; yours is as it was, and the pattern's stands beside it",
    Outcome.CONFLICT: "in conflict; look for <<<<<<< and decide",
}
"""Each outcome as the heading of a list of files."""

NEEDS_YOU = frozenset(
    {Outcome.KEPT_SECRET, Outcome.KEPT_MIGRATION, Outcome.REPLACED, Outcome.BESIDE, Outcome.CONFLICT}
)
"""What is not done until somebody has looked at it."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One file that changes on disk: what must be there, and what will be. None is no file."""

    path: str
    before: File | None
    after: File | None


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one file; `was` is its path before a move, `note` what is worth knowing besides."""

    path: str
    outcome: Outcome
    edits: tuple[Edit, ...] = field(default=())
    was: str | None = None
    note: str = ""
