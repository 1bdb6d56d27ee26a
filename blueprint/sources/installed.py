"""Patterns in installed packages, found by the entry point group `blueprint.patterns`."""

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import Distribution, EntryPoint

GROUP = "blueprint.patterns"


def installed_patterns() -> tuple[Mapping[str, Path], list[str]]:
    """Return the folders of all installed patterns by name, without importing the packages.

    A package that cannot be used must not hide the others: the second value describes each of them.
    """
    # Imported here because it is slow, and most commands do not look for installed patterns.
    from importlib.metadata import distributions

    folders: dict[str, Path] = {}
    problems = []
    for distribution in distributions():
        try:
            # Most packages offer no pattern, and parsing all entry points would take most of the time.
            if GROUP not in (distribution.read_text("entry_points.txt") or ""):
                continue
            points = distribution.entry_points.select(group=GROUP)
        except Exception:  # A malformed file fails in other ways with each version of Python.
            problems.append(f"the entry points of the package {_name(distribution)} cannot be read")
            continue
        for point in points:
            folder = _folder(point)
            if folder is None:
                package = _name(distribution)
                problems.append(f"the package {package} has no folder {point.value} for {point.name}")
            else:
                folders.setdefault(point.name, folder)
    return dict(sorted(folders.items())), problems


def _name(distribution: "Distribution") -> str:
    """Return the name of a package, or the folder of its metadata if that has no name."""
    name = distribution.metadata["Name"] if distribution.metadata else None
    return str(name or distribution.locate_file(""))


def _folder(point: "EntryPoint") -> Path | None:
    """Return the folder of the package that an entry point names, or None if it does not exist.

    It is usually beside the metadata of the distribution, which is quick to check. For an editable install,
    only the top-level package is searched for, because finding a subpackage would import its parent.
    """
    top, *below = point.value.partition(":")[0].split(".")
    if point.dist is not None:
        beside = os.path.join(str(point.dist.locate_file(top)), *below)
        if os.path.isdir(beside):
            return Path(beside)
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return next((folder for place in places if (folder := Path(place, *below)).is_dir()), None)
