"""Outcomes of an update for each file: a stable word for programs and a heading for people."""

from dataclasses import dataclass, field
from enum import StrEnum

from blueprint.render import File


class FileOutcome(StrEnum):
    """Outcome of an update for one file. The values are part of the interface: they never change."""

    UNCHANGED = "unchanged"
    CREATED = "created"
    UPDATED = "updated"
    MERGED = "merged"
    MIGRATED = "migrated"
    DELETED = "deleted"
    EXTENDED = "extended"
    KEPT = "kept"
    KEPT_SHARED = "kept-shared"
    LEFT_DELETED = "left-deleted"
    KEPT_SECRET = "kept-secret"  # noqa: S105 - not a password
    KEPT_MIGRATION = "kept-migration"
    REPLACED = "replaced"
    BESIDE = "beside"
    CONFLICT = "conflict"


MEANING = {
    FileOutcome.UNCHANGED: "unchanged",
    FileOutcome.CREATED: "created",
    FileOutcome.UPDATED: "updated (you had not edited them)",
    FileOutcome.MERGED: "merged with your edits",
    FileOutcome.MIGRATED: "changed by trusted migrations of the template",
    FileOutcome.DELETED: "deleted (removed from the pattern, and you had not edited them)",
    FileOutcome.EXTENDED: "extended with missing variables (no other line changed)",
    FileOutcome.KEPT: "kept with your edits (removed from the pattern)",
    FileOutcome.KEPT_SHARED: "kept (removed from this template, but another one writes them too)",
    FileOutcome.LEFT_DELETED: "not restored (you had deleted them; the pattern changed them)",
    FileOutcome.KEPT_SECRET: "secret files for you to edit; the new answers change the listed variables",
    FileOutcome.KEPT_MIGRATION: "migrations left unchanged, because a database may have run them; "
    "write a new migration to follow the pattern",
    FileOutcome.REPLACED: "left unchanged, because you replaced them with a link or a folder; "
    "apply the pattern's change yourself",
    FileOutcome.BESIDE: "not merged; compare your file with the pattern's version saved beside it",
    FileOutcome.CONFLICT: "in conflict; resolve the sections between <<<<<<< and >>>>>>>",
}
"""Heading of the list of files with each outcome: what happened and, if needed, what to do."""

INTENTION = {
    FileOutcome.UNCHANGED: "would stay unchanged",
    FileOutcome.CREATED: "would be created",
    FileOutcome.UPDATED: "would be updated (you have not edited them)",
    FileOutcome.MERGED: "would be merged with your edits",
    FileOutcome.MIGRATED: "would be changed by trusted migrations of the template",
    FileOutcome.DELETED: "would be deleted (removed from the pattern, and you have not edited them)",
    FileOutcome.EXTENDED: "would be extended with missing variables (no other line would change)",
    FileOutcome.KEPT: "would be kept with your edits (removed from the pattern)",
    FileOutcome.KEPT_SHARED: "would be kept (removed from this template, but another one writes them too)",
    FileOutcome.LEFT_DELETED: "would not be restored (you have deleted them; the pattern changed them)",
    FileOutcome.KEPT_SECRET: "secret files that you would have to edit; "
    "the new answers change the listed variables",
    FileOutcome.KEPT_MIGRATION: "migrations that would be left unchanged, because a database may have run "
    "them; you would have to write a new migration to follow the pattern",
    FileOutcome.REPLACED: "would be left unchanged, because you have replaced them with a link or a folder",
    FileOutcome.BESIDE: "would not be merged; the pattern's version would be saved beside your file",
    FileOutcome.CONFLICT: "would be in conflict",
}
"""Heading of the list of files with each outcome in a dry run: what would happen."""

NEEDS_YOU = frozenset(
    {
        FileOutcome.KEPT_SECRET,
        FileOutcome.KEPT_MIGRATION,
        FileOutcome.REPLACED,
        FileOutcome.BESIDE,
        FileOutcome.CONFLICT,
    }
)
"""Outcomes that need a decision or an edit from the user."""


@dataclass(frozen=True, slots=True)
class FileEdit:
    """A change of one file on disk from `before` to `after`; None means no file."""

    path: str
    before: File | None
    after: File | None


@dataclass(frozen=True, slots=True)
class FileChange:
    """Outcome for one file, with the edits that produce it.

    `was` is the previous path of a renamed file. `note` adds a detail, such as the name of a saved file.
    `template` is the name of the template that the change comes from.
    """

    path: str
    outcome: FileOutcome
    edits: tuple[FileEdit, ...] = field(default=())
    was: str | None = None
    note: str = ""
    template: str = ""
