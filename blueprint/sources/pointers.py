"""Files in a source that stand for content that git did not fetch: LFS pointers and submodules."""

from collections.abc import Mapping
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
