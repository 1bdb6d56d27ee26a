"""Patterns that were installed as Python packages, such as the wheels of `blueprint pattern pack --wheel`."""

from collections.abc import Iterator, Mapping
from importlib.machinery import PathFinder
from importlib.metadata import entry_points
from pathlib import Path

GROUP = "blueprint.patterns"
"""The group of entry points: the name of a pattern, and the package that holds its pattern.yaml."""


def installed_patterns() -> Mapping[str, Path]:
    """The folder of each installed pattern by its name. No code of the packages is run."""
    return dict(_found())


def _found() -> Iterator[tuple[str, Path]]:
    for entry in entry_points(group=GROUP):
        # Only what is not inside another package can be found without importing that other one.
        spec = None if "." in entry.module else PathFinder.find_spec(entry.module)
        for folder in (spec and spec.submodule_search_locations) or ():
            yield entry.name, Path(folder)
