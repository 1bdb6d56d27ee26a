"""Read files of a project from disk into a Tree."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from blueprint.errors import DiskError, TargetError
from blueprint.render import File, Tree


def read_tree(folder: Path, paths: Iterable[str]) -> Tree:
    """Read those of `paths` that are files in `folder`; a missing folder counts as empty.

    Raises TargetError where a path is blocked by anything but regular files and folders. Links are never
    followed, because they can lead out of `folder`. Raises DiskError for a file that cannot be read.
    """
    tree = {}
    for path in paths:
        file = read_file(folder, path)
        if file is not None:
            tree[path] = file
    return tree


def read_file(folder: Path, path: str) -> File | None:
    """Read one file in `folder` as `read_tree` does; None if it does not exist."""
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
    return TargetError(f"{location} is in the way", hint="Move it, or choose another folder with --output.")
