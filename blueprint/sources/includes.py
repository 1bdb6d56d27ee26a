"""Patterns that include others: one pattern with the options, values and layers of all of them."""

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import asdict, replace

from blueprint.documents import read_document
from blueprint.errors import HostilePatternError, PatternError
from blueprint.patterns import Layer, Pattern, load_pattern, pattern_names
from blueprint.patterns.loading import PATTERN_FILE, PatternFileError, semantic_errors, templates_root
from blueprint.patterns.model import IncludedLayer


class PatternFolder(NamedTuple):
    """The folder of a pattern, and the root that must contain all its layers."""

    folder: Path
    root: Path


FindNamed = Callable[[str], PatternFolder | None]
"""Finds a pattern by its name; None if it is not there."""


def named_pattern(name: str) -> PatternFolder | None:
    """Find a pattern that is built in or installed; those that a user has added are theirs alone."""
    if name in pattern_names():
        return PatternFolder(templates_root() / name, templates_root())
    from .installed import installed_patterns

    folder = installed_patterns()[0].get(name)
    return PatternFolder(folder, folder) if folder else None


def with_includes(pattern: Pattern, find: FindNamed = named_pattern) -> Pattern:
    """Return `pattern` with the options, values and layers of the patterns that it includes.

    Its own definitions replace those of included patterns. Raises PatternError.
    """
    if not pattern.include:
        return pattern
    return _merge(pattern, find, (pattern,))


def _merge(pattern: Pattern, find: FindNamed, path: Sequence[Pattern]) -> Pattern:
    """Merge what `pattern` includes into it. `path` leads from the outermost pattern to it."""
    parents = [_load(pattern, number, text, find, path) for number, text in enumerate(pattern.include)]
    included: dict[Path, Pattern] = {}
    for parent in chain.from_iterable((*parent.included, parent) for parent in parents):
        included.setdefault(parent.folder, parent)
    twice = [name for name, number in Counter(each.name for each in included.values()).items() if number > 1]
    if twice:
        # A project records their versions by name.
        raise _error(pattern, 0, f"two included patterns have the name {twice[0]}", "Rename one of them.")
    merged = replace(
        pattern,
        options={**_combine("options", pattern, parents), **pattern.options},
        values={**_combine("values", pattern, parents), **pattern.values},
        layers=[*pattern.layers, *chain.from_iterable(map(_layers, parents))],
        included=tuple(included.values()),
    )
    file = pattern.folder / PATTERN_FILE
    for error in semantic_errors(file, read_document(file), merged):
        raise error
    return merged


def _load(pattern: Pattern, number: int, text: str, find: FindNamed, path: Sequence[Pattern]) -> Pattern:
    found = _relative(pattern, text) if "/" in text or text in (".", "..") else find(text)
    if found is None:
        hint = f"Install the package with the pattern {text}. To include a folder, write ./{text}"
        raise _error(pattern, number, f"there is no installed pattern {text!r} to include", hint)
    if not (found.folder / PATTERN_FILE).is_file():
        raise _error(pattern, number, f"there is no {PATTERN_FILE} in {found.folder} to include")
    if any(_is_same(found.folder, above.folder) for above in path):
        names = " > ".join((*(above.name for above in path), text))
        raise _error(pattern, number, f"the patterns include each other: {names}")
    parent = load_pattern(*found)
    return _merge(parent, find, (*path, parent))


def _relative(pattern: Pattern, text: str) -> PatternFolder:
    folder = Path(os.path.normpath(pattern.folder / text))
    if not folder.is_relative_to(pattern.root) or not folder.resolve().is_relative_to(pattern.root.resolve()):
        raise HostilePatternError(f"{text!r}, which {pattern.name} includes, is outside {pattern.root}")
    return PatternFolder(folder, pattern.root)


def _is_same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _combine(what: str, pattern: Pattern, parents: Sequence[Pattern]) -> dict[str, Any]:
    """Combine the `what` of all parents. Raises PatternError if two differ and `pattern` has neither."""
    combined: dict[str, Any] = {}
    owners: dict[str, str] = {}
    own: Mapping[str, Any] = getattr(pattern, what)
    for number, parent in enumerate(parents):
        for name, definition in getattr(parent, what).items():
            if name not in own and combined.get(name, definition) != definition:
                problem = f"{owners[name]} and {parent.name} define {name} in {what} differently"
                raise _error(pattern, number, problem, f"Define {name} in {pattern.name}, too.")
            combined.setdefault(name, definition)
            owners.setdefault(name, parent.name)
    return combined


def _layers(parent: Pattern) -> list[Layer]:
    """Return the layers of an included pattern for the pattern that includes it."""
    return [_one_deeper(parent, layer) for layer in parent.layers]


def _one_deeper(parent: Pattern, layer: Layer) -> IncludedLayer:
    if isinstance(layer, IncludedLayer):
        return replace(layer, depth=layer.depth + 1)
    return IncludedLayer(**asdict(layer), folder=parent.folder, root=parent.root, depth=1)


def _error(pattern: Pattern, number: int, problem: str, hint: str = "Correct `include`.") -> PatternError:
    path = pattern.folder / PATTERN_FILE
    return PatternFileError(path, read_document(path).line(["include", number]), problem, hint)
