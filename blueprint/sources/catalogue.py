"""All patterns there are: blueprint's own, those that the user has added, and those of installed packages."""

from pathlib import Path

from msgspec.structs import replace

from blueprint import patterns
from blueprint.errors import SourceError, UnknownPatternError
from blueprint.patterns import Origin, Pattern, load_pattern, pattern_names
from blueprint.patterns.catalogue import templates_root
from blueprint.patterns.heading import read_heading
from blueprint.suggest import nearest

from .finding import find_source
from .installed import installed_patterns
from .locations import is_path, parse_location, with_ref
from .shelf import Entry, added_patterns

BUILT_IN = "blueprint"
"""What stands for a source in the list where there is none."""


def find_pattern(text: str, *, ref: str | None = None) -> Pattern:
    """The pattern that `text` names: a name, a folder, a zip file or the URL of a git repository.

    `ref` takes the place of the branch, tag or commit in a URL. Raises BlueprintError.
    """
    if parse_location(text) is None and text not in pattern_names():
        added = added_patterns().get(text)
        if added is None:
            return _installed(text, ref)
        text = added.source
    if ref is not None:
        text = with_ref(text, ref)
    location = parse_location(text)
    return patterns.find_pattern(text) if location is None else find_source(location)


def remembered_source(text: str) -> str:
    """What a project is to remember its source by, so that others can find it, too.

    A name that the user has given to a repository means nothing to them, the URL of the repository does.
    """
    added = None if parse_location(text) or text in pattern_names() else added_patterns().get(text)
    return text if added is None or is_path(added.source) else added.source


def list_patterns() -> list[Entry]:
    """All patterns, by name. Raises PatternError or DiskError."""
    root = templates_root()
    own = [_entry(name, root / name, BUILT_IN) for name in pattern_names()]
    found = installed_patterns().items()
    installed = [_entry(name, folder, "an installed package") for name, folder in found]
    listed = {entry.name: entry for entry in (*installed, *added_patterns().values(), *own)}
    return [listed[name] for name in sorted(listed)]


def _installed(name: str, ref: str | None) -> Pattern:
    folder = installed_patterns().get(name)
    if folder is None:
        known = [*pattern_names(), *added_patterns(), *installed_patterns()]
        raise UnknownPatternError(
            f"there is no pattern {name!r}{nearest(name, known)}",
            hint=f"Known patterns: {', '.join(known)}. A folder needs a slash: ./{name}",
        )
    if ref is not None:
        raise SourceError(f"{name} has no versions to choose from", hint="Only a git repository has.")
    return replace(load_pattern(folder), origin=Origin(type="installed", location=name))


def _entry(name: str, folder: Path, source: str) -> Entry:
    heading = read_heading(folder)
    return Entry(name, heading.title, heading.summary, heading.version, "native", source)
