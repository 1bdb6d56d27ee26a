"""Write plan of a new project. Planning is pure, so a dry run and the real run cannot differ."""

from dataclasses import dataclass
from enum import StrEnum

from blueprint.render import File, Tree


class Action(StrEnum):
    """Action for one file of a plan."""

    CREATE = "create"
    KEEP = "keep"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of a plan, with the content that blueprint wants to write."""

    path: str
    action: Action
    file: File


@dataclass(frozen=True)
class WritePlan:
    """The planned action for each file, in the order of the tree."""

    files: tuple[PlannedFile, ...]

    def paths(self, action: Action) -> list[str]:
        """The paths of the files with this `action`."""
        return [file.path for file in self.files if file.action is action]

    def tree(self, action: Action) -> Tree:
        """The contents of the files with this `action`, by path."""
        return {file.path: file.file for file in self.files if file.action is action}


def plan_write(base: Tree, tree: Tree, disk: Tree) -> WritePlan:
    """Plan how to get from `disk` to `tree`; `base` is what blueprint wrote last.

    A file that already has the wanted content is kept. A file that is unchanged since `base`, or missing in
    both, is created. Any other file was created or edited by the user and is a conflict.
    """
    return WritePlan(
        tuple(_planned(path, base.get(path), file, disk.get(path)) for path, file in tree.items())
    )


def _planned(path: str, base: File | None, file: File, disk: File | None) -> PlannedFile:
    if disk == file:
        return PlannedFile(path, Action.KEEP, file)
    return PlannedFile(path, Action.CREATE if disk == base else Action.CONFLICT, file)
