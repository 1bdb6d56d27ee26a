"""All available patterns: built-in, added by the user, and from installed packages.

Most projects use a built-in pattern, so the modules for the other sources are imported only when needed.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from blueprint import patterns
from blueprint.errors import PatternError, SourceError, UnknownPatternError
from blueprint.patterns import Origin, Pattern, pattern_names
from blueprint.patterns.loading import templates_root
from blueprint.suggest import did_you_mean

if TYPE_CHECKING:
    from .user_patterns import PatternEntry

BUILT_IN_SOURCE = "blueprint"
"""The source that the list of patterns shows for built-in ones."""


def find_pattern(text: str, *, ref: str | None = None) -> Pattern:
    """Find the pattern `text`: a name, a folder, a zip file or the URL of a git repository.

    `ref` replaces the branch, tag or commit in a URL. Raises BlueprintError.
    """
    if ref is None and text in pattern_names():
        return patterns.find_pattern(text)
    from .locations import parse_location, with_ref
    from .resolve import resolve_location
    from .user_patterns import added_patterns

    if parse_location(text) is None and text not in pattern_names():
        added = added_patterns().get(text)
        if added is None:
            return _installed(text, ref)
        text = added.source
    if ref is not None:
        text = with_ref(text, ref)
    location = parse_location(text)
    return patterns.find_pattern(text) if location is None else resolve_location(location)


def remembered_source(text: str) -> str:
    """Return the text by which a project stores the source `text`, so that other users can find it, too.

    They do not have the name that this user gave to a repository, so the URL of the repository is stored.
    """
    if text in pattern_names():
        return text
    from .locations import is_path, parse_location
    from .user_patterns import added_patterns

    added = None if parse_location(text) else added_patterns().get(text)
    return text if added is None or is_path(added.source) else added.source


def list_patterns() -> "tuple[list[PatternEntry], list[str]]":
    """List all patterns, sorted by name, and describe the installed ones that cannot be used.

    Raises PatternError or DiskError.
    """
    from .installed import installed_patterns
    from .user_patterns import added_patterns

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


def _installed(name: str, ref: str | None) -> Pattern:
    from .installed import installed_patterns
    from .user_patterns import added_patterns

    installed, _ = installed_patterns()
    folder = installed.get(name)
    if folder is None:
        known = [*pattern_names(), *added_patterns(), *installed]
        raise UnknownPatternError(
            f"there is no pattern {name!r}{did_you_mean(name, known)}",
            hint=f"Known patterns: {', '.join(known)}. To use a folder, write ./{name}",
        )
    if ref is not None:
        raise SourceError(
            f"{name} has no versions to choose from", hint="Only a pattern in a git repository has versions."
        )
    from .native import load_native

    return load_native(folder, folder, Origin(type="installed", location=name))


def _entry(name: str, folder: Path, source: str) -> "PatternEntry":
    from blueprint.patterns.heading import read_heading

    from .user_patterns import PatternEntry

    heading = read_heading(folder)
    return PatternEntry(name, heading.title, heading.summary, heading.version, "native", source)
