"""What a folder holds is told by its files, for what a source names as for what one finds in it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from blueprint.patterns.model import TemplateKind

_MARKER_FILES: Mapping[str, TemplateKind] = MappingProxyType(
    {
        "pattern.yaml": "native",
        "copier.yml": "copier",
        "copier.yaml": "copier",
        "cookiecutter.json": "cookiecutter",
    }
)
"""The files that say what a folder is; the first one counts where there are several."""

MAX_DEPTH = 2
"""How many levels of folders below a source are searched for patterns."""


def kind_from_names(names: Iterable[str]) -> TemplateKind | None:
    """The kind of a folder with files of these `names`, or None if it holds no pattern."""
    there = set(names)
    return next((kind for mark, kind in _MARKER_FILES.items() if mark in there), None)


def kind_in(folder: Path) -> TemplateKind | None:
    """The kind of `folder`, or None if it holds no pattern or is not there."""
    return kind_from_names(mark for mark in _MARKER_FILES if (folder / mark).is_file())


def subfolders_with_patterns(folder: Path, depth: int = MAX_DEPTH) -> list[str]:
    """The folders below `folder` that hold a pattern, by name; what is in a pattern is its own."""
    found: list[str] = []
    for child in sorted(folder.iterdir()):
        if child.name.startswith(".") or child.is_symlink() or not child.is_dir():
            continue
        if kind_in(child):
            found.append(child.name)
        elif depth > 1:
            found += (f"{child.name}/{below}" for below in subfolders_with_patterns(child, depth - 1))
    return found
