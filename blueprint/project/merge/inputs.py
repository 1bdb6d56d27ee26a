"""The disk as an update finds it."""

import os
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from blueprint.errors import TargetError
from blueprint.render import File, Tree

from ..disk import read_tree

SIBLING_SUFFIX = ".new"


@dataclass(frozen=True)
class MergeInputs:
    """The three trees of an update.

    `replaced` are paths of `base` where the user has put something else than a plain file. `taken` are paths
    beside files that exist already. `secrets` are the files of secrets as the pattern gives them with the
    answers before. `label` names the pattern in conflict markers. `once` are files that only a new project
    gets: one that is there is not touched.
    """

    base: Tree
    new: Tree
    disk: Tree
    label: str
    replaced: Set[str]
    taken: Set[str]
    secrets: Tree
    once: Set[str] = field(default=frozenset())


EMPTY_TREE: Tree = MappingProxyType({})


def collect_inputs(
    folder: Path, base: Tree, new: Tree, *, label: str = "", secrets: Tree = EMPTY_TREE
) -> MergeInputs:
    """Read from the project in `folder` all that an update from `base` to `new` can concern.

    `label` and `secrets` are those of the MergeInputs. Raises TargetError if something stands
    where a new file has to go, or DiskError.
    """
    disk: dict[str, File] = {}
    replaced = set()
    for path in base.keys() | new.keys():
        try:
            disk |= read_tree(folder, [path])
        except TargetError:
            replaced.add(path)
    for path in sorted(replaced - base.keys()):
        _check_room(path, base, new, disk)
    taken = _taken(folder, base.keys() | new.keys())
    return MergeInputs(base, new, disk, label, replaced & base.keys(), taken, secrets)


def _check_room(path: str, base: Tree, new: Tree, disk: Tree) -> None:
    """A file where a folder must be is no trouble if this very update deletes it."""
    parts = path.split("/")
    above = ("/".join(parts[:depth]) for depth in range(1, len(parts)))
    if any(parent in base and parent not in new and disk.get(parent) == base[parent] for parent in above):
        return
    raise TargetError(
        f"something is in the way of {path}, a new file of the pattern",
        hint="Move or rename it (a link, a folder or a file where a folder must be), and run this again.",
    )


def _taken(folder: Path, paths: Iterable[str]) -> set[str]:
    """The names beside `paths` that exist."""
    taken = set()
    for path in paths:
        for name in sibling_paths(path):
            if not os.path.lexists(folder / name):
                break
            taken.add(name)
    return taken


def sibling_paths(path: str) -> Iterator[str]:
    """The names to try beside `path`: `x.new`, `x.new2`, ..."""
    yield f"{path}{SIBLING_SUFFIX}"
    number = 1
    while True:
        number += 1
        yield f"{path}{SIBLING_SUFFIX}{number}"
