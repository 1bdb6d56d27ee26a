"""Helpers for tests of the merge: build trees and apply changes to them."""

from collections.abc import Mapping

from blueprint.project.merge.inputs import MergeInputs
from blueprint.project.merge.outcome import FileChange
from blueprint.project.merge.reconcile import reconcile
from blueprint.render import File, Tree

Content = str | bytes | File | None


def tree(files: Mapping[str, Content]) -> Tree:
    """Build a tree from path to content; None means no file."""
    return {path: _file(content) for path, content in files.items() if content is not None}


def merge_inputs(
    base: Mapping[str, Content], new: Mapping[str, Content], disk: Mapping[str, Content]
) -> MergeInputs:
    """Inputs of a merge without special cases."""
    return MergeInputs(tree(base), tree(new), tree(disk), "tiny 2.0.0", frozenset(), frozenset())


def apply_changes(changes: list[FileChange], disk: Tree) -> Tree:
    """Apply the edits of `changes` to `disk`; checks that each finds the file that it expects."""
    after = dict(disk)
    for change in changes:
        for edit in change.edits:
            assert after.get(edit.path) == edit.before
            if edit.after is None:
                del after[edit.path]
            else:
                after[edit.path] = edit.after
    return after


def updated(
    base: Mapping[str, Content], new: Mapping[str, Content], disk: Mapping[str, Content]
) -> tuple[dict[str, str], Tree]:
    """Run a merge; returns the outcome of each changed file, and the files afterwards."""
    changes = reconcile(merge_inputs(base, new, disk))
    outcomes = {change.path: str(change.outcome) for change in changes if change.outcome != "unchanged"}
    return outcomes, apply_changes(changes, tree(disk))


def _file(content: str | bytes | File) -> File:
    if isinstance(content, File):
        return content
    return File(content.encode() if isinstance(content, str) else content)
