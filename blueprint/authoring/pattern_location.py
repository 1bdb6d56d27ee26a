"""Where the pattern of an author is, and how far its layers may reach."""

from dataclasses import dataclass
from pathlib import Path

from blueprint.errors import UsageError
from blueprint.patterns.catalogue import templates_root


@dataclass(frozen=True)
class PatternLocation:
    """The `folder` of a pattern, and the `root` that all its layers must be in."""

    folder: Path
    root: Path


def pattern_location(text: str) -> PatternLocation:
    """The place that an author means, as for whoever uses the pattern later. Raises UsageError.

    `DIR` is a pattern that has all of its layers itself. `REPOSITORY#DIR` is one of several in a repository;
    its layers may come from anywhere there. The built-in patterns share layers in this way.
    """
    address, _, subfolder = text.partition("#")
    root = Path(address).resolve()
    folder = (root / subfolder).resolve()
    if not folder.is_relative_to(root):
        raise UsageError(f"{subfolder} is not inside {address}", hint="Write REPOSITORY#DIR.")
    if folder == root and folder.parent == templates_root().resolve():
        root = folder.parent
    return PatternLocation(folder, root)
