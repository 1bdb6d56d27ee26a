"""Patterns that come in installed packages, found by the entry point group `blueprint.patterns`."""

from collections.abc import Mapping
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

GROUP = "blueprint.patterns"


def installed_patterns() -> Mapping[str, Path]:
    """Name and folder of each; no code of the packages runs."""
    folders = {point.name: _folder(point.value) for point in entry_points(group=GROUP)}
    return {name: folder for name, folder in sorted(folders.items()) if folder is not None}


def _folder(package: str) -> Path | None:
    """The folder of a package. Only the topmost one is looked up, because that imports nothing."""
    top, *below = package.partition(":")[0].split(".")
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return next((folder for place in places if (folder := Path(place, *below)).is_dir()), None)
