"""Patterns in installed packages, found by the entry point group `blueprint.patterns`."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "blueprint.patterns"


def installed_patterns() -> Mapping[str, Path]:
    """Return the folders of all installed patterns by name, without importing the packages."""
    # Imported here because it is slow, and most commands do not look for installed patterns.
    from importlib.metadata import entry_points

    folders = {point.name: _folder(point) for point in entry_points(group=GROUP)}
    return {name: folder for name, folder in sorted(folders.items()) if folder is not None}


def _folder(point: "EntryPoint") -> Path | None:
    """Return the folder of the package that an entry point names, or None if it does not exist.

    It is usually beside the metadata of the distribution, which is quick to check. For an editable install,
    only the top-level package is searched for, because finding a subpackage would import its parent.
    """
    top, *below = point.value.partition(":")[0].split(".")
    if point.dist is not None:
        beside = Path(str(point.dist.locate_file(top)), *below)
        if beside.is_dir():
            return beside
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return next((folder for place in places if (folder := Path(place, *below)).is_dir()), None)
