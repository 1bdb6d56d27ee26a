"""Patterns that come in installed packages, found by the entry point group `blueprint.patterns`."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "blueprint.patterns"


def installed_patterns() -> Mapping[str, Path]:
    """Name and folder of each; no code of the packages runs."""
    # Most commands look for no installed pattern, and no module of Python's own takes longer to import.
    from importlib.metadata import entry_points

    folders = {point.name: _folder(point) for point in entry_points(group=GROUP)}
    return {name: folder for name, folder in sorted(folders.items()) if folder is not None}


def _folder(point: "EntryPoint") -> Path | None:
    """The folder of the package that an entry point names.

    It is beside what pip noted of it, which is quick to see; that of an editable install is elsewhere, and
    only the topmost package is looked up, because that imports nothing.
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
