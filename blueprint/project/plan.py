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
class Step:
    """One file of the plan. `file` is what blueprint would have there."""

    path: str
    action: Action
    file: File


@dataclass(frozen=True)
class Plan:
    """One step for each file, in order of path."""

    steps: tuple[Step, ...]

    def paths(self, action: Action) -> list[str]:
        """The paths of the steps that do `action`."""
        return [step.path for step in self.steps if step.action is action]

    def tree(self, action: Action) -> Tree:
        """The files of the steps that do `action`."""
        return {step.path: step.file for step in self.steps if step.action is action}


def plan(base: Tree, tree: Tree, disk: Tree) -> Plan:
    """Plan the way from `disk` to `tree`, where `base` is what blueprint wrote there last.

    A file that is on disk as it was in `base` is blueprint's to write (a new project has an empty base, so
    this is a file that is not there); one that is there as it should be is kept; any other was made or
    edited by the user, and is a conflict.
    """
    return Plan(tuple(_step(path, base.get(path), file, disk.get(path)) for path, file in tree.items()))


def _step(path: str, base: File | None, file: File, disk: File | None) -> Step:
    if disk == file:
        return Step(path, Action.KEEP, file)
    return Step(path, Action.CREATE if disk == base else Action.CONFLICT, file)
