"""The project folder as it is on disk, as a Tree."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from blueprint.errors import DiskError, TargetError
from blueprint.render import File, Tree


def read_tree(folder: Path, paths: Iterable[str]) -> Tree:
    """Those of `paths` that are files in `folder`. A folder that is not there is empty.

    Raises TargetError where something else than a plain file or folder stands in the way, a link
    especially, since it could lead out of the folder. Raises DiskError for what cannot be read.
    """
    tree = {}
    for path in paths:
        file = _read(folder, path)
        if file is not None:
            tree[path] = file
    return tree


def _read(folder: Path, path: str) -> File | None:
    location = folder
    *parents, name = path.split("/")
    try:
        for parent in parents:
            location /= parent
            if not stat.S_ISDIR(location.lstat().st_mode):
                raise _in_the_way(location)
        location /= name
        status = location.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise _in_the_way(location)
        return File(location.read_bytes(), executable=bool(status.st_mode & 0o100))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DiskError(
            f"cannot read {location}: {error.strerror}", hint=os.strerror(error.errno or 0)
        ) from error


def _in_the_way(location: Path) -> TargetError:
    return TargetError(
        f"{location} is in the way", hint="Move it away, or choose another folder with --output."
    )
