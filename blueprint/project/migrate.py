"""Updates with template migrations, which run on a copy of the template's files and never on the project."""

from collections.abc import Iterator
from dataclasses import replace

from blueprint.patterns import Answers, Pattern
from blueprint.render import Tree
from blueprint.sources import apply_migrations
from blueprint.sources.scripted import PreviousVersion

from .merge.inputs import MergeInputs
from .merge.outcome import NEEDS_YOU, FileChange, FileEdit, FileOutcome
from .merge.reconcile import reconcile


def reconcile_with_migrations(
    inputs: MergeInputs, pattern: Pattern, answers: Answers, before: PreviousVersion
) -> list[FileChange]:
    """Run `reconcile` between the migrations of `pattern` from the version `before`.

    The migrations of the stage "before" also run on the base, so their effects do not count as edits of the
    user. A file that they create and the template does not have belongs to the project. Raises RenderError,
    HostilePatternError or UntrustedError.
    """
    disk = inputs.disk
    ready = apply_migrations(pattern, disk, answers, "before", before)
    migrated = apply_migrations(pattern, inputs.base, answers, "before", before)
    base = {path: file for path, file in migrated.items() if path in inputs.base or path in inputs.new}
    changes = reconcile(replace(inputs, base=base, disk=ready))
    merged = _after_changes(changes, ready)
    done = apply_migrations(pattern, merged, answers, "after", before)
    touched = _different(disk, ready) | _different(merged, done)
    return sorted(_with_migrations(changes, touched, disk, done), key=lambda change: change.path)


def _after_changes(changes: list[FileChange], tree: Tree) -> Tree:
    after = dict(tree)
    for change in changes:
        for edit in change.edits:
            if edit.after is None:
                del after[edit.path]
            else:
                after[edit.path] = edit.after
    return after


def _different(one: Tree, other: Tree) -> set[str]:
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}


def _with_migrations(
    changes: list[FileChange], touched: set[str], disk: Tree, done: Tree
) -> Iterator[FileChange]:
    """Extend `changes` with the effects of migrations: the edits from `disk` to `done` of `touched` files."""
    for change in changes:
        paths = {change.path, *(edit.path for edit in change.edits)}
        if paths.isdisjoint(touched):
            yield change
            continue
        touched = touched - paths
        outcome = change.outcome if change.outcome in NEEDS_YOU else FileOutcome.MIGRATED
        yield replace(change, outcome=outcome, edits=_edits(sorted(paths), disk, done))
    for path in touched:
        yield FileChange(path, FileOutcome.MIGRATED, _edits([path], disk, done))


def _edits(paths: list[str], disk: Tree, done: Tree) -> tuple[FileEdit, ...]:
    edits = (FileEdit(path, disk.get(path), done.get(path)) for path in paths)
    return tuple(edit for edit in edits if edit.before != edit.after)
