"""Three-way merge of a project, file by file.

`base` is what blueprint wrote last, `new` what the pattern renders now, and `disk` what the project contains.
The merge is pure, so `diff`, a dry run and the real run cannot differ.
"""

import re
from collections.abc import Set
from dataclasses import replace

from blueprint.render import File

from .inputs import MergeInputs, sibling_paths
from .moves import find_moves
from .outcome import NEEDS_YOU, FileChange, FileEdit, FileOutcome, FileVersions
from .text import is_unedited, merge_text
from .variables import (
    changed_values,
    is_changed,
    is_environment,
    missing_variables,
    only_adds_lines,
    removed_variables,
    with_variables,
)

MIGRATIONS = "migrations"
"""Name of folders with database migrations. They are never rewritten: a database may have run them."""
FLYWAY = re.compile(r"V[\d._]+__\w+\.sql")
"""Names of versioned migrations of Flyway, which finds them in any folder."""


def reconcile(inputs: MergeInputs) -> list[FileChange]:
    """Decide one change for every file of `base` or `new`, sorted by path. No edit of the user is lost."""
    base, new, disk = inputs.base, inputs.new, inputs.disk
    removed = [
        path for path in base if path not in new and path not in inputs.shared and not _is_migration(path)
    ]
    edited = [path for path in removed if path in disk and not is_unedited(base[path], disk[path])]
    deleted = [path for path in removed if path not in disk and path not in inputs.replaced]
    added = [path for path, file in new.items() if path not in base and path not in disk and not file.secret]
    moves = find_moves(base, new, edited, added)
    # A wrong match would leave out a new file of the pattern, so a deleted file must keep its name.
    left = find_moves(base, new, deleted, (path for path in added if path not in moves), renamed=False)
    moves = {**moves, **left}
    sources = set(moves.values())
    changes = [
        _moved(inputs, path, moves[path]) if path in moves else _change(inputs, path)
        for path in sorted(base.keys() | new.keys())
        if path not in sources
    ]
    kept = [change.path for change in changes if change.outcome is FileOutcome.KEPT_MIGRATION]
    return [_with_versions(inputs, _beside_migrations(inputs, change, kept)) for change in changes]


def _with_versions(inputs: MergeInputs, change: FileChange) -> FileChange:
    """Add the versions of the file to a `change` that needs a decision."""
    if change.outcome not in NEEDS_YOU:
        return change
    before = change.was or change.path
    files = inputs.base.get(before), inputs.disk.get(before), inputs.new.get(change.path)
    if any(file.secret for file in files if file):
        return change
    return replace(change, versions=FileVersions(*files))


def _beside_migrations(inputs: MergeInputs, change: FileChange, kept: list[str]) -> FileChange:
    """Save a new file beside the migration in its way: it stays, so its name cannot become a folder."""
    path, new = change.path, inputs.new.get(change.path)
    if change.outcome is not FileOutcome.CREATED or new is None:
        return change
    for migration in kept:
        below = f"{path}/".startswith(f"{migration}/")
        if below or migration.startswith(f"{path}/"):
            blocked = migration if below else path
            beside = f"{_free_sibling(blocked, inputs.taken)}{path.removeprefix(blocked)}"
            return FileChange(path, FileOutcome.BESIDE, (FileEdit(beside, None, new),), note=beside)
    return change


def _change(inputs: MergeInputs, path: str) -> FileChange:
    base, new, disk = inputs.base.get(path), inputs.new.get(path), inputs.disk.get(path)
    if path in inputs.replaced:
        return FileChange(path, FileOutcome.UNCHANGED if new == base else FileOutcome.REPLACED)
    if new is not None and (new.secret or (path in inputs.ignored and base is None)):
        return _local(inputs, path, base, new, disk)
    if base is not None and _is_migration(path) and disk is not None and new != base and new != disk:
        return FileChange(path, FileOutcome.KEPT_MIGRATION)
    if new is None:
        return _removed(inputs, path, base, disk)
    if disk is None:
        return _missing(path, base, new)
    if new in (base, disk) or path in inputs.once:
        return FileChange(path, FileOutcome.UNCHANGED)
    return _changed(inputs, path, base, new, disk)


def _removed(inputs: MergeInputs, path: str, base: File | None, disk: File | None) -> FileChange:
    """The change for a file that the pattern has removed."""
    if disk is None or base is None:
        return FileChange(path, FileOutcome.UNCHANGED)
    if path in inputs.shared:
        return FileChange(path, FileOutcome.KEPT_SHARED, note=inputs.shared[path])
    if is_unedited(base, disk):
        return FileChange(path, FileOutcome.DELETED, (FileEdit(path, disk, None),))
    return FileChange(path, FileOutcome.KEPT)


def _missing(path: str, base: File | None, new: File) -> FileChange:
    """The change for a file that is not on disk: it is new, or the user has deleted it."""
    if base is None:
        return FileChange(path, FileOutcome.CREATED, (FileEdit(path, None, new),))
    return FileChange(path, FileOutcome.UNCHANGED if new == base else FileOutcome.LEFT_DELETED)


def _changed(inputs: MergeInputs, path: str, base: File | None, new: File, disk: File) -> FileChange:
    """The change for a file on disk that the pattern changes, or adds under the same path."""
    after = _merged(inputs, base, new, disk)
    if after is None:
        beside = _free_sibling(path, inputs.taken)
        return FileChange(path, FileOutcome.BESIDE, (FileEdit(beside, None, new),), note=beside)
    file, conflict = after
    if file == disk:
        return FileChange(path, FileOutcome.UNCHANGED)
    edits = (FileEdit(path, disk, file),)
    if conflict:
        return FileChange(path, FileOutcome.CONFLICT, edits)
    untouched = base is not None and is_unedited(base, disk)
    return FileChange(path, FileOutcome.UPDATED if untouched else FileOutcome.MERGED, edits)


def _moved(inputs: MergeInputs, path: str, was: str) -> FileChange:
    """The change for an edited or deleted file that the pattern has renamed: what the user did follows it."""
    base, new, disk = inputs.base[was], inputs.new[path], inputs.disk.get(was)
    if disk is None:
        return FileChange(path, FileOutcome.LEFT_DELETED, was=was)
    after = _merged(inputs, base, new, disk)
    if after is None:
        return FileChange(
            path, FileOutcome.CREATED, (FileEdit(path, None, new),), note=f"your edits stay in {was}"
        )
    file, conflict = after
    edits = (FileEdit(path, None, file), FileEdit(was, disk, None))
    return FileChange(path, FileOutcome.CONFLICT if conflict else FileOutcome.MERGED, edits, was=was)


def _merged(inputs: MergeInputs, base: File | None, new: File, disk: File) -> tuple[File, bool] | None:
    """The merged file and whether it has conflicts, or None if it cannot be merged."""
    merged = merge_text(base.content if base else b"", disk.content, new.content, inputs.label)
    if merged is None:
        return None
    executable = new.executable if base and disk.executable == base.executable else disk.executable
    return File(merged.content, executable, new.secret), merged.conflict


def _local(inputs: MergeInputs, path: str, base: File | None, new: File, disk: File | None) -> FileChange:
    """The change for a file that is secret, or that git ignores and that has no base.

    A file with edits gets missing variables, but no line changes: its values are in use.
    """
    if disk is None:
        return FileChange(path, FileOutcome.CREATED, (FileEdit(path, None, new),), untracked=True)
    if base is not None and is_unedited(base, disk):
        return _unedited_secret(inputs, path, base, new, disk)
    if not is_environment(new.content):
        return _structured(inputs, path, base, new, disk)
    before = base or inputs.secrets.get(path, new)
    dropped = missing_variables(disk.content, base.content) if base else {}
    found = missing_variables(disk.content, new.content)
    missing = {name: lines for name, lines in found.items() if name not in dropped}
    extended = replace(disk, content=with_variables(disk.content, missing), secret=new.secret)
    edits = (FileEdit(path, disk, extended),) if missing else ()
    changed = changed_values(before.content, new.content)
    changed += removed_variables(before.content, new.content, disk.content)
    if changed:
        return FileChange(path, FileOutcome.KEPT_SECRET, edits, note=", ".join(changed))
    return FileChange(
        path, FileOutcome.EXTENDED if missing else FileOutcome.UNCHANGED, edits, note=", ".join(missing)
    )


def _structured(inputs: MergeInputs, path: str, base: File | None, new: File, disk: File) -> FileChange:
    """The change for an edited secret file that is no list of variables, such as INI or JSON.

    The pattern's lines are inserted where it has them, but no line of the user changes.
    """
    before = base or inputs.secrets.get(path, new)
    if not is_changed(before.content, new.content):
        return FileChange(path, FileOutcome.UNCHANGED)
    merged = _merged(inputs, base, new, disk) if base else None
    if merged is None or merged[1] or not only_adds_lines(disk.content, merged[0].content):
        changed = changed_values(before.content, new.content) or ["the whole file"]
        return FileChange(path, FileOutcome.KEPT_SECRET, note=", ".join(changed))
    if merged[0] == disk:
        return FileChange(path, FileOutcome.UNCHANGED)
    added = missing_variables(disk.content, merged[0].content)
    return FileChange(path, FileOutcome.EXTENDED, (FileEdit(path, disk, merged[0]),), note=", ".join(added))


def _unedited_secret(inputs: MergeInputs, path: str, base: File, new: File, disk: File) -> FileChange:
    """The change for a secret file as it was rendered; one that was not secret before becomes private."""
    merged = _merged(inputs, replace(base, secret=new.secret), new, disk)
    file = new if merged is None else merged[0]
    if file == disk and base.secret:
        return FileChange(path, FileOutcome.UNCHANGED)
    return FileChange(path, FileOutcome.UPDATED, (FileEdit(path, replace(disk, secret=base.secret), file),))


def _is_migration(path: str) -> bool:
    *folders, name = path.split("/")
    return MIGRATIONS in folders or FLYWAY.fullmatch(name) is not None


def _free_sibling(path: str, taken: Set[str]) -> str:
    """The first sibling path of `path` that is not taken."""
    return next(name for name in sibling_paths(path) if name not in taken)
