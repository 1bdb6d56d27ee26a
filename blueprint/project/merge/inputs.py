"""Inputs of a merge: the base, the new and the disk tree of an update."""

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
    """The three trees of an update, with what the merge has to know about them.

    `label` names the pattern in conflict markers. `replaced` are paths of `base` where the user has put a
    link or a folder. `taken` are existing paths from `sibling_paths`. `secrets` are the secret files as
    rendered with the previous answers. `once` are files that are only written if they do not exist.
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
    """Read every file of the project in `folder` that an update from `base` to `new` can affect.

    `label` and `secrets` are fields of the result. Raises TargetError if the path of a new file is blocked,
    and DiskError if a file cannot be read.
    """
    disk: dict[str, File] = {}
    replaced = set()
    for path in base.keys() | new.keys():
        try:
            disk |= read_tree(folder, [path])
        except TargetError:
            replaced.add(path)
    for path in sorted(replaced - base.keys()):
        _check_unblocked(path, base, new, disk)
    taken = _taken(folder, base.keys() | new.keys())
    return MergeInputs(base, new, disk, label, replaced & base.keys(), taken, secrets)


def _check_unblocked(path: str, base: Tree, new: Tree, disk: Tree) -> None:
    """Raise TargetError unless what blocks `path` is a file that this update deletes."""
    parts = path.split("/")
    above = ("/".join(parts[:depth]) for depth in range(1, len(parts)))
    if any(parent in base and parent not in new and disk.get(parent) == base[parent] for parent in above):
        return
    raise TargetError(
        f"cannot create {path}, a new file of the pattern: something else is in the way",
        hint="Move or rename the link, the folder or the file in the way, then run the command again.",
    )


def _taken(folder: Path, paths: Iterable[str]) -> set[str]:
    """The sibling paths of `paths` that exist."""
    taken = set()
    for path in paths:
        for name in sibling_paths(path):
            if not os.path.lexists(folder / name):
                break
            taken.add(name)
    return taken


def sibling_paths(path: str) -> Iterator[str]:
    """The names to try for a file beside `path`, in order: `x.new`, `x.new2`, ..."""
    yield f"{path}{SIBLING_SUFFIX}"
    number = 1
    while True:
        number += 1
        yield f"{path}{SIBLING_SUFFIX}{number}"
