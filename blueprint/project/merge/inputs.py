"""Inputs of a merge: the base, the new and the disk tree of an update."""

import os
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from blueprint.errors import TargetError
from blueprint.render import File, Tree
from blueprint.render.paths import fold_path

from ..disk import read_tree

SIBLING_SUFFIX = ".new"

Pending = Mapping[str, File | None]
"""Files as earlier edits leave them, which are not on disk yet; None means no file."""

_NONE: Pending = MappingProxyType({})


@dataclass(frozen=True)
class MergeInputs:
    """The three trees of an update, with what the merge has to know about them.

    `label` names the pattern in conflict markers. `replaced` are paths of `base` where the user has put a
    link or a folder. `taken` are paths from `sibling_paths` that are in use. `secrets` are the secret files
    as rendered with the previous answers, for those without a base. `ignored` are files that git does not
    track, so a fresh clone has no base for them. `once` are files that are only written if they do not exist.
    `shared` are files that other templates of the project write too, each with the names of these templates.
    """

    base: Tree
    new: Tree
    disk: Tree
    label: str
    replaced: Set[str]
    taken: Set[str]
    secrets: Tree = field(default_factory=dict)
    ignored: Set[str] = field(default=frozenset())
    once: Set[str] = field(default=frozenset())
    shared: Mapping[str, str] = field(default_factory=dict)


def collect_inputs(
    folder: Path, base: Tree, new: Tree, *, label: str = "", pending: Pending = _NONE
) -> MergeInputs:
    """Read every file of the project in `folder` that an update from `base` to `new` can affect.

    Files that are `pending` count as on disk. `label` is a field of the result. Raises DiskError if a file
    cannot be read.
    """
    disk = {path: file for path, file in pending.items() if file and (path in base or path in new)}
    replaced = set()
    for path in (base.keys() | new.keys()) - pending.keys():
        try:
            disk |= read_tree(folder, [path])
        except TargetError:
            replaced.add(path)
    for path in _other_spellings(folder, base, new.keys() & disk.keys()):
        del disk[path]
    for path, file in disk.items():
        # A file on disk does not say whether it is secret.
        disk[path] = replace(file, secret=(new.get(path) or base[path]).secret)
    return MergeInputs(base, new, disk, label, replaced & base.keys(), _taken(folder, base, new, pending))


def _other_spellings(folder: Path, base: Tree, new: Iterable[str]) -> list[str]:
    """Those paths in `new` that name a file of `base` in another spelling, where the system ignores case."""
    spelled = {fold_path(path): path for path in base}
    return [
        path
        for path in new
        if spelled.get(fold_path(path), path) != path
        and _same_entry(folder / path, folder / spelled[fold_path(path)])
    ]


def _same_entry(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file with a single name, which excludes hard links."""
    return os.path.lexists(other) and one.samefile(other) and one.stat().st_nlink == 1


def _taken(folder: Path, base: Tree, new: Tree, pending: Pending) -> set[str]:
    """The sibling paths of all files that exist on disk, or that the pattern uses itself."""
    taken = {path for path, file in pending.items() if file}
    taken |= {str(above) for path in new for above in (PurePosixPath(path), *PurePosixPath(path).parents)}
    for path in base.keys() | new.keys():
        for name in sibling_paths(path):
            if name not in taken and not os.path.lexists(folder / name):
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
