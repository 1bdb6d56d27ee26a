"""What would happen on disk: pure, so that a dry run and the real run cannot differ."""

from dataclasses import dataclass
from enum import StrEnum

from blueprint.render import File, Tree


class Action(StrEnum):
    """What happens to one file."""

    CREATE = "create"
    KEEP = "keep"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of the plan. `file` is what blueprint would have there."""

    path: str
    action: Action
    file: File


@dataclass(frozen=True)
class WritePlan:
    """One step for each file, in order of path."""

    files: tuple[PlannedFile, ...]

    def paths(self, action: Action) -> list[str]:
        """The paths of the steps that do `action`."""
        return [file.path for file in self.files if file.action is action]

    def tree(self, action: Action) -> Tree:
        """The files of the steps that do `action`."""
        return {file.path: file.file for file in self.files if file.action is action}


def plan_write(base: Tree, tree: Tree, disk: Tree) -> WritePlan:
    """Plan the way from `disk` to `tree`, where `base` is what blueprint wrote there last.

    A file that is on disk as it was in `base` is blueprint's to write (a new project has an empty base, so
    this is a file that is not there); one that is there as it should be is kept; any other was made or
    edited by the user, and is a conflict.
    """
    return WritePlan(
        tuple(_planned(path, base.get(path), file, disk.get(path)) for path, file in tree.items())
    )


def _planned(path: str, base: File | None, file: File, disk: File | None) -> PlannedFile:
    if disk == file:
        return PlannedFile(path, Action.KEEP, file)
    return PlannedFile(path, Action.CREATE if disk == base else Action.CONFLICT, file)
