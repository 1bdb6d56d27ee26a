"""Patterns that the user has added, listed in a configuration file."""

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from blueprint.errors import DiskError, UnknownPatternError, UsageError
from blueprint.patterns import Pattern, pattern_names
from blueprint.patterns.model import TemplateKind
from blueprint.patterns.options import FORMS, Slug
from blueprint.schema_errors import explain
from blueprint.suggest import did_you_mean
from blueprint.user_dirs import config_folder, write_private

from .locations import Location, parse_location
from .resolve import fetch_source, load_fetched, patterns_in


class PatternEntry(msgspec.Struct, frozen=True):
    """An entry in a list of patterns; for an added pattern, its heading at the time of adding."""

    name: Slug
    title: str
    summary: str
    version: str
    kind: TemplateKind
    source: str


class _UserPatterns(msgspec.Struct):
    format: int = 1
    patterns: dict[str, PatternEntry] = {}


def added_patterns() -> Mapping[str, PatternEntry]:
    """Return the patterns that the user has added, by name. Raises DiskError."""
    return _read().patterns


def add_patterns(text: str, name: str | None = None) -> list[PatternEntry]:
    """Add the pattern at the location `text`, or every pattern in it; refresh those that are already there.

    `name` renames a single pattern. Raises BlueprintError.
    """
    if name is not None and not re.fullmatch(r"[a-z][a-z0-9-]{0,63}", name):
        raise UsageError(
            f"{name!r} cannot be the name of a pattern",
            hint="Use up to 64 lowercase letters, digits and dashes, and begin with a letter.",
        )
    location = parse_location(text)
    if location is None:
        raise UsageError(f"{text} is not a source", hint="Use a folder (./name), a zip file or a git URL.")
    fetched = fetch_source(location)
    found = patterns_in(fetched)
    if name is not None and len(found) > 1:
        raise UsageError(
            f"{text} contains {len(found)} patterns, which cannot share the name {name}",
            hint="Leave out --name to add all of them, or choose one of them by its folder.",
        )
    entries = [_entry(load_fetched(fetched, folder), location, folder, name) for folder in found]
    user_patterns = _read()
    for entry in entries:
        _check_name(entry, user_patterns)
        user_patterns.patterns[entry.name] = entry
    _write(user_patterns)
    return entries


def remove_pattern(name: str) -> PatternEntry:
    """Remove a pattern from the list, but not the projects made from it. Raises UnknownPatternError."""
    user_patterns = _read()
    if name not in user_patterns.patterns:
        raise UnknownPatternError(
            f"there is no added pattern {name!r}{did_you_mean(name, user_patterns.patterns)}",
            hint=f"Added patterns: {', '.join(user_patterns.patterns) or 'none'}.",
        )
    entry = user_patterns.patterns.pop(name)
    _write(user_patterns)
    return entry


def _entry(pattern: Pattern, location: Location, folder: str, name: str | None) -> PatternEntry:
    return PatternEntry(
        name=name or pattern.name,
        title=pattern.title,
        summary=pattern.summary,
        version=pattern.version,
        kind=pattern.origin.kind,
        source=_source_text(location, folder),
    )


def _source_text(location: Location, folder: str) -> str:
    """Return the source of a pattern as text that is valid in any working directory."""
    below = f"#{folder}" if folder else ""
    if location.type == "git":
        return f"{location.address}{f'@{location.ref}' if location.ref else ''}{below}"
    return f"{Path(location.address).expanduser().resolve()}{below}"


def _check_name(entry: PatternEntry, user_patterns: _UserPatterns) -> None:
    known = user_patterns.patterns.get(entry.name)
    if entry.name in pattern_names() or (known and known.source != entry.source):
        owner = f"a pattern from {known.source}" if known else "a built-in pattern"
        raise UsageError(
            f"the name {entry.name} is taken by {owner}",
            hint="Choose another name with --name.",
        )


def _read() -> _UserPatterns:
    path = _file()
    try:
        return msgspec.json.decode(path.read_bytes(), type=_UserPatterns)
    except FileNotFoundError:
        return _UserPatterns()
    except OSError as error:
        raise DiskError(f"cannot read {path}: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise DiskError(
            f"cannot read {path}: {explain(error, FORMS)}",
            hint="Repair it, or delete it and add your patterns again.",
        ) from error


def _write(user_patterns: _UserPatterns) -> None:
    patterns = dict(sorted(user_patterns.patterns.items()))
    content = msgspec.json.encode(_UserPatterns(user_patterns.format, patterns))
    write_private(_file(), msgspec.json.format(content, indent=2) + b"\n")


def _file() -> Path:
    return config_folder() / "patterns.json"
