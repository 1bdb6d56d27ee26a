"""Validation of a pattern.yaml that reports all errors, not only the first."""

from collections.abc import Iterator, Set
from itertools import compress
from typing import Any, get_args

import msgspec

from blueprint.documents import Document, DocumentError, read_document
from blueprint.errors import HostilePatternError, PatternError
from blueprint.patterns import Layer, Option, Pattern
from blueprint.patterns.loading import PATTERN_FILE, PatternFileError, locate_error, semantic_errors
from blueprint.patterns.model import PatternFile
from blueprint.patterns.options import Identifier
from blueprint.sources.includes import with_includes
from blueprint.suggest import did_you_mean

from .pattern_location import PatternLocation
from .problems import Findings, Problem, ProblemCode

DocumentPath = list[str | int]
"""Path to a part of a document: keys and indices from the top."""

_OPTIONS: dict[str, type[msgspec.Struct]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(Option)
}


def read_pattern(location: PatternLocation, findings: Findings) -> tuple[Pattern, Document] | None:
    """Read the pattern in `location` and its document, which knows the lines.

    Returns None if the pattern.yaml is invalid, and adds its errors to `findings`. Raises PatternError if the
    file cannot be read.
    """
    path = location.folder / PATTERN_FILE
    try:
        document = read_document(path)
    except OSError as error:
        raise PatternError(
            f"cannot read {path}: {error.strerror}",
            hint="Create a pattern with `blueprint pattern init DIR`.",
        ) from error
    except DocumentError as error:
        findings.add(Problem("bad-pattern", error.message, path, error.line))
        return None
    for where, message in _pattern_errors(document.data):
        findings.add(Problem("bad-pattern", message, path, document.line(where)))
    if findings:
        return None
    content = msgspec.convert(document.data, PatternFile)
    for invalid in semantic_errors(path, document, content):
        findings.add(Problem("bad-pattern", invalid.problem, path, invalid.line))
    if findings:
        return None
    fields = {name: getattr(content, name) for name in content.__struct_fields__}
    try:
        return with_includes(Pattern(folder=location.folder, root=location.root, **fields)), document
    except PatternFileError as error:
        findings.add(Problem("bad-pattern", error.problem, error.path, error.line))
    except PatternError as error:
        code: ProblemCode = "hostile" if isinstance(error, HostilePatternError) else "bad-pattern"
        findings.add(Problem(code, error.message, path, document.line(["include"])))
    return None


def _pattern_errors(data: Any) -> Iterator[tuple[DocumentPath, str]]:
    """The path and the message of each error in the structure of a pattern.yaml."""
    if not isinstance(data, dict):
        yield [], "is not a mapping of keys to values"
        return
    options, layers = data.get("options", {}), data.get("layers", [])
    by_part = isinstance(options, dict), isinstance(layers, list) and bool(layers)
    yield from _struct_errors(PatternFile, data, [], {*compress(("options", "layers"), by_part)})
    if isinstance(options, dict):
        for name, option in options.items():
            yield from _value_errors(Identifier, name, ["options", name])
            yield from _option_errors(option, ["options", name])
    if isinstance(layers, list):
        for index, layer in enumerate(layers):
            yield from _struct_errors(Layer, layer, ["layers", index])


def _option_errors(data: Any, where: DocumentPath) -> Iterator[tuple[DocumentPath, str]]:
    kind = data.get("type") if isinstance(data, dict) else None
    if kind in _OPTIONS:
        yield from _struct_errors(_OPTIONS[kind], data, where)
    else:
        kinds = ", ".join(_OPTIONS)
        yield [*where, "type"], f"in {_name(where)}: expected a `type`, one of {kinds}"


def _struct_errors(
    struct: type[msgspec.Struct], data: Any, where: DocumentPath, skip: Set[str] = frozenset()
) -> Iterator[tuple[DocumentPath, str]]:
    if not isinstance(data, dict):
        yield where, f"in {_name(where)}: expected a mapping of keys to values"
        return
    known = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    tag = struct.__struct_config__.tag_field
    location = f"in {_name(where)}: " if where else ""
    for key in data:
        if key not in known and key != tag:
            yield [*where, key], f"{location}unknown key {key!r}{did_you_mean(str(key), known)}"
    for key, field in known.items():
        if key not in data and field.required:
            yield where, f"{location}the key {key!r} is missing"
        elif key in data and key not in skip:
            yield from _value_errors(field.type, data[key], [*where, key])


def _value_errors(kind: Any, data: Any, where: DocumentPath) -> Iterator[tuple[DocumentPath, str]]:
    """Errors of converting `data` to the type `kind`; for a mapping or a list, those of each item."""
    message = _error(kind, data)
    if not message:
        return
    items: list[tuple[str | int, Any]] = []
    if isinstance(data, dict):
        items = [(key, {key: value}) for key, value in data.items()]
    elif isinstance(data, list):
        items = [(index, [value]) for index, value in enumerate(data)]
    item_errors = [([*where, key], text) for key, item in items if (text := _error(kind, item))]
    for location, text in item_errors or [(where, message)]:
        yield location, f"in {_name(location)}: {text}"


def _error(kind: Any, data: Any) -> str:
    try:
        msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        return locate_error(data, error)[0]
    return ""


def _name(where: DocumentPath) -> str:
    return ".".join(map(_key, where))


def _key(step: str | int) -> str:
    """The text of a key; one that YAML reads as true or false was usually `yes` or `no`."""
    return ("yes" if step else "no") if isinstance(step, bool) else str(step)
