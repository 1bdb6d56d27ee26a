"""Patterns in installed packages, found by the entry point group `blueprint.patterns`."""

import os
import sys
from collections.abc import Iterator, Mapping
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

GROUP = "blueprint.patterns"


class _Package(NamedTuple):
    """An installed package: the content of its entry_points.txt, the folder that it is in, and its name."""

    entry_points: bytes
    site: str
    name: str


def installed_patterns() -> tuple[Mapping[str, Path], list[str]]:
    """Return the folders of all installed patterns by name, without importing the packages.

    A package that cannot be used must not hide the others: the second value describes each of them.
    """
    folders: dict[str, Path] = {}
    problems = []
    for package in _packages() if _is_usual() else _packages_of_any_kind():
        # Most packages offer no pattern, and parsing all entry points would take most of the time.
        if GROUP.encode() not in package.entry_points:
            continue
        try:
            points = [*_points(package.entry_points.decode())]
        except ValueError:
            problems.append(f"the entry points of the package {package.name} cannot be read")
            continue
        for name, module in points:
            folder = _folder(package.site, module)
            if folder is None:
                problems.append(f"the package {package.name} has no folder {module} for {name}")
            else:
                folders.setdefault(name, folder)
    return dict(sorted(folders.items())), problems


def _is_usual() -> bool:
    """Whether all packages are in plain folders: not in zip files, eggs, or where another finder looks."""
    finders = (finder for finder in sys.meta_path if hasattr(finder, "find_distributions"))
    places = (place.endswith(".egg") or os.path.isfile(place) for place in sys.path)
    return all(finder is PathFinder for finder in finders) and not any(places)


def _packages() -> Iterator[_Package]:
    """Yield the packages with entry points in the folders of Python's path.

    They are those of `_packages_of_any_kind`, which takes four times as long.
    """
    for place in sys.path:
        try:
            names = sorted(os.listdir(place or "."))
        except OSError:
            continue
        for name in names:
            if name.lower().endswith((".dist-info", ".egg-info")):
                try:
                    with open(os.path.join(place, name, "entry_points.txt"), "rb", buffering=0) as file:
                        yield _Package(file.read(), place, name.rpartition(".")[0].partition("-")[0])
                except OSError:
                    continue


def _packages_of_any_kind() -> Iterator[_Package]:
    # Imported here because it is slow to load.
    from importlib.metadata import distributions

    for distribution in distributions():
        site = str(distribution.locate_file(""))
        try:
            content = (distribution.read_text("entry_points.txt") or "").encode()
        except ValueError:
            content = GROUP.encode() + b"\xff"  # not text, which is reported when it is read
        metadata = distribution.metadata
        yield _Package(content, site, (metadata and metadata["Name"]) or site)


def _points(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and module of each entry point in the group. Raises ValueError for a malformed line."""
    group = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            group = line.strip("[]")
        elif group == GROUP and line and not line.startswith("#"):
            name, value = map(str.strip, line.split("=", 1))
            yield name, value.partition(":")[0].partition("[")[0].strip()


def _folder(site: str, module: str) -> Path | None:
    """Return the folder of `module`, whose package is installed in `site`, or None if it does not exist.

    It is usually in `site`, which is quick to check. For an editable install, only the top-level package is
    searched for, because finding a subpackage would import its parent.
    """
    top, *below = module.split(".")
    beside = os.path.join(site, top, *below)
    if os.path.isdir(beside):
        return Path(beside)
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return next((folder for place in places if (folder := Path(place, *below)).is_dir()), None)
