"""The disk as an update finds it."""

import os
from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType

from blueprint.errors import TargetError
from blueprint.render import File, Tree

from .disk import read_tree
from .reconcile import Situation, beside

NOTHING: Tree = MappingProxyType({})


def survey(folder: Path, base: Tree, new: Tree, *, label: str = "", secrets: Tree = NOTHING) -> Situation:
    """Read from the project in `folder` all that an update from `base` to `new` can concern.

    `label` and `secrets` are those of the Situation. Raises TargetError if something stands
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
    return Situation(base, new, disk, label, replaced & base.keys(), taken, secrets)


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
        for name in beside(path):
            if not os.path.lexists(folder / name):
                break
            taken.add(name)
    return taken
