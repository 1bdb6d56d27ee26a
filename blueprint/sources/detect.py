"""Detect which kind of pattern a folder contains by its marker file, such as copier.yml."""

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
"""The kind that each file marks; the first one counts if there are several."""

MAX_DEPTH = 2
"""Number of folder levels below a source that are searched for patterns."""


def kind_from_names(names: Iterable[str]) -> TemplateKind | None:
    """Return the kind of pattern in a folder whose files have these `names`, or None."""
    present = set(names)
    return next((kind for marker, kind in _MARKER_FILES.items() if marker in present), None)


def kind_in(folder: Path) -> TemplateKind | None:
    """Return the kind of pattern in `folder`, or None if there is no pattern or no folder."""
    return kind_from_names(marker for marker in _MARKER_FILES if (folder / marker).is_file())


def subfolders_with_patterns(folder: Path, depth: int = MAX_DEPTH) -> list[str]:
    """Return the folders below `folder` that contain a pattern, sorted; patterns are not searched inside."""
    found: list[str] = []
    for child in sorted(folder.iterdir()):
        if child.name.startswith(".") or child.is_symlink() or not child.is_dir():
            continue
        if kind_in(child):
            found.append(child.name)
        elif depth > 1:
            found += (f"{child.name}/{below}" for below in subfolders_with_patterns(child, depth - 1))
    return found
