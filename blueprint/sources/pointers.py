"""Files in a source that stand for content that git did not fetch: LFS pointers and submodules."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from blueprint.errors import SourceError
from blueprint.render import Tree

_SUBMODULE = b"blueprint: submodule "
_LFS = b"version https://git-lfs.github.com/spec/v1\n"

_MAX_POINTER = 1024
"""Maximum size of a pointer of Git LFS, in bytes, by its specification."""

_HINTS: Mapping[bytes, tuple[str, str]] = MappingProxyType(
    {
        _LFS: (
            "stored in Git LFS, from which blueprint does not download",
            "Clone the repository, run `git lfs pull` in it, and use the folder: --pattern ./FOLDER",
        ),
        _SUBMODULE: (
            "a submodule, which blueprint does not fetch",
            "Clone the repository with --recurse-submodules, and use the folder: --pattern ./FOLDER",
        ),
    }
)


def submodule_pointer(path: str) -> str:
    """Return the text of the file that stands for the submodule at `path`."""
    return f"{_SUBMODULE.decode()}{path}\n"


def refuse_pointers(tree: Tree, pattern: str) -> None:
    """Refuse a project in which files are missing that belong to it. Raises SourceError."""
    for start, (what, hint) in _HINTS.items():
        paths = [
            path
            for path, file in tree.items()
            if len(file.content) <= _MAX_POINTER and file.content.startswith(start)
        ]
        if paths:
            raise SourceError(f"{', '.join(paths)} in {pattern} is {what}", hint=hint)


def refuse_needed_submodule(problem: str, folder: Path, pattern: str) -> None:
    """Raise SourceError if a template cannot be rendered because it includes or links to a submodule."""
    what, hint = _HINTS[_SUBMODULE]
    every = [*folder.rglob("*")]
    links = [os.path.normpath(path.parent / path.readlink()) for path in every if path.is_symlink()]
    for missing in filter(_is_submodule, every):
        path = missing.relative_to(folder).as_posix()
        if f"{path}/" in problem or any(link.startswith(f"{missing}/") for link in links):
            raise SourceError(f"{path} in {pattern} is {what}", hint=hint)


def _is_submodule(path: Path) -> bool:
    small = path.is_file() and path.stat().st_size <= _MAX_POINTER
    return small and path.read_bytes().startswith(_SUBMODULE)
