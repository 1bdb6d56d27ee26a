"""List of all available patterns: built-in, added by the user, and from installed packages."""

from pathlib import Path

from blueprint.errors import PatternError
from blueprint.patterns import pattern_names
from blueprint.patterns.heading import read_heading
from blueprint.patterns.loading import templates_root

from .installed import installed_patterns
from .user_patterns import PatternEntry, added_patterns

BUILT_IN_SOURCE = "blueprint"
"""The source that the list of patterns shows for built-in ones."""


def list_patterns() -> tuple[list[PatternEntry], list[str]]:
    """List all patterns, sorted by name, and describe the installed ones that cannot be used.

    Raises PatternError or DiskError.
    """
    root = templates_root()
    own = [_entry(name, root / name, BUILT_IN_SOURCE) for name in pattern_names()]
    folders, problems = installed_patterns()
    installed = []
    for name, folder in folders.items():
        try:
            installed.append(_entry(name, folder, "an installed package"))
        except PatternError as error:
            problems.append(f"the installed pattern {name} cannot be used, because {error.message}")
    listed = {entry.name: entry for entry in (*installed, *added_patterns().values(), *own)}
    return [listed[name] for name in sorted(listed)], problems


def _entry(name: str, folder: Path, source: str) -> PatternEntry:
    heading = read_heading(folder)
    return PatternEntry(name, heading.title, heading.summary, heading.version, "native", source)
