"""Read a pattern.yaml and name everything that is wrong with it, not only the first thing."""

from collections.abc import Iterator, Set
from itertools import compress
from typing import Any, get_args

import msgspec

from blueprint.documents import Document, DocumentError, read_document
from blueprint.errors import PatternError
from blueprint.patterns import Layer, Option, Pattern
from blueprint.patterns.loading import PATTERN_FILE, locate_error, semantic_errors
from blueprint.patterns.model import PatternFile
from blueprint.patterns.options import Identifier
from blueprint.suggest import did_you_mean

from .pattern_location import PatternLocation
from .problems import Findings, Problem

DocumentPath = list[str | int]
"""The way to a part of a document: keys and indices from the top."""

_OPTIONS: dict[str, type[msgspec.Struct]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(Option)
}


def read_pattern(location: PatternLocation, findings: Findings) -> tuple[Pattern, Document] | None:
    """The pattern in `location` and the lines it stands on; None if its pattern.yaml is broken.

    All that is wrong goes to `findings`. Raises PatternError if the file cannot be read.
    """
    path = location.folder / PATTERN_FILE
    try:
        document = read_document(path)
    except OSError as error:
        raise PatternError(
            f"cannot read {path}: {error.strerror}", hint="`blueprint pattern init DIR` makes a pattern."
        ) from error
    except DocumentError as error:
        findings.add(Problem("bad-pattern", error.message, path, error.line))
        return None
    for where, message in _pattern_faults(document.data):
        findings.add(Problem("bad-pattern", message, path, document.line(where)))
    if findings:
        return None
    content = msgspec.convert(document.data, PatternFile)
    for misfit in semantic_errors(path, document, content):
        findings.add(Problem("bad-pattern", misfit.problem, path, misfit.line))
    if findings:
        return None
    fields = {name: getattr(content, name) for name in content.__struct_fields__}
    return Pattern(folder=location.folder, root=location.root, **fields), document


def _pattern_faults(data: Any) -> Iterator[tuple[DocumentPath, str]]:
    """Each part of a pattern.yaml that is not as it must be: where it is, and what is wrong."""
    if not isinstance(data, dict):
        yield [], "is not a mapping of keys to values"
        return
    options, layers = data.get("options", {}), data.get("layers", [])
    by_part = isinstance(options, dict), isinstance(layers, list) and bool(layers)
    yield from _struct_faults(PatternFile, data, [], {*compress(("options", "layers"), by_part)})
    if isinstance(options, dict):
        for name, option in options.items():
            yield from _value_faults(Identifier, name, ["options", name])
            yield from _option_faults(option, ["options", name])
    if isinstance(layers, list):
        for number, layer in enumerate(layers):
            yield from _struct_faults(Layer, layer, ["layers", number])


def _option_faults(data: Any, where: DocumentPath) -> Iterator[tuple[DocumentPath, str]]:
    kind = data.get("type") if isinstance(data, dict) else None
    if kind in _OPTIONS:
        yield from _struct_faults(_OPTIONS[kind], data, where)
    else:
        kinds = ", ".join(_OPTIONS)
        yield [*where, "type"], f"in {_name(where)}: expected a `type`, one of {kinds}"


def _struct_faults(
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
            yield from _value_faults(field.type, data[key], [*where, key])


def _value_faults(kind: Any, data: Any, where: DocumentPath) -> Iterator[tuple[DocumentPath, str]]:
    """What keeps `data` from being a `kind`; of a mapping or a list, each item that is wrong."""
    message = _fault(kind, data)
    if not message:
        return
    single: list[tuple[str | int, Any]] = []
    if isinstance(data, dict):
        single = [(key, {key: value}) for key, value in data.items()]
    elif isinstance(data, list):
        single = [(number, [value]) for number, value in enumerate(data)]
    faulty = [([*where, key], fault) for key, item in single if (fault := _fault(kind, item))]
    for location, fault in faulty or [(where, message)]:
        yield location, f"in {_name(location)}: {fault}"


def _fault(kind: Any, data: Any) -> str:
    try:
        msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        return locate_error(data, error)[0]
    return ""


def _name(where: DocumentPath) -> str:
    return ".".join(map(str, where))
