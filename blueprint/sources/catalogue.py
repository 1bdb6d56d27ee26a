"""All patterns there are: blueprint's own, those that the user has added, and those of installed packages.

Most projects are made from a built-in pattern: the modules that find others are imported only for these.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from blueprint import patterns
from blueprint.errors import SourceError, UnknownPatternError
from blueprint.patterns import Origin, Pattern, load_pattern, pattern_names
from blueprint.patterns.catalogue import templates_root
from blueprint.patterns.loading import read_heading
from blueprint.suggest import did_you_mean

if TYPE_CHECKING:
    from .user_patterns import PatternEntry

BUILT_IN_SOURCE = "blueprint"
"""What stands for a source in the list where there is none."""


def find_pattern(text: str, *, ref: str | None = None) -> Pattern:
    """The pattern that `text` names: a name, a folder, a zip file or the URL of a git repository.

    `ref` takes the place of the branch, tag or commit in a URL. Raises BlueprintError.
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
    """What a project is to remember its source by, so that others can find it, too.

    A name that the user has given to a repository means nothing to them, the URL of the repository does.
    """
    if text in pattern_names():
        return text
    from .locations import is_path, parse_location
    from .user_patterns import added_patterns

    added = None if parse_location(text) else added_patterns().get(text)
    return text if added is None or is_path(added.source) else added.source


def list_patterns() -> "list[PatternEntry]":
    """All patterns, by name. Raises PatternError or DiskError."""
    from .installed import installed_patterns
    from .user_patterns import added_patterns

    root = templates_root()
    own = [_entry(name, root / name, BUILT_IN_SOURCE) for name in pattern_names()]
    found = installed_patterns().items()
    installed = [_entry(name, folder, "an installed package") for name, folder in found]
    listed = {entry.name: entry for entry in (*installed, *added_patterns().values(), *own)}
    return [listed[name] for name in sorted(listed)]


def _installed(name: str, ref: str | None) -> Pattern:
    from .installed import installed_patterns
    from .user_patterns import added_patterns

    folder = installed_patterns().get(name)
    if folder is None:
        known = [*pattern_names(), *added_patterns(), *installed_patterns()]
        raise UnknownPatternError(
            f"there is no pattern {name!r}{did_you_mean(name, known)}",
            hint=f"Known patterns: {', '.join(known)}. A folder needs a slash: ./{name}",
        )
    if ref is not None:
        raise SourceError(f"{name} has no versions to choose from", hint="Only a git repository has.")
    return replace(load_pattern(folder), origin=Origin(type="installed", location=name))


def _entry(name: str, folder: Path, source: str) -> "PatternEntry":
    from .user_patterns import PatternEntry

    heading = read_heading(folder)
    return PatternEntry(name, heading.title, heading.summary, heading.version, "native", source)
