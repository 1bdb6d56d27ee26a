"""pattern.yaml to Pattern, with errors that name the file, the line and the part."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import yaml
from jinja2.defaults import DEFAULT_NAMESPACE

from blueprint.documents import MAX_BYTES, Document, DocumentError, read_document
from blueprint.errors import AnswersError, PatternError
from blueprint.schema_errors import problem_and_part

from .answers import check_value
from .model import Pattern, PatternFile
from .options import FORMS, Line, Option, SemanticVersion, Slug, TextList

PATTERN_FILE = "pattern.yaml"

_JINJA = "and else false if import in include is none not or recursive true with without context"
_RESERVED = frozenset({"project", "package", "pattern", "secret", *DEFAULT_NAMESPACE, *_JINJA.split()})


class PatternFileError(PatternError):
    """A part of a pattern.yaml that does not fit: `problem` is what is wrong on its `line` (1-based)."""

    def __init__(self, path: Path, line: int, problem: str, hint: str) -> None:
        super().__init__(f"{_place(path, line)} {problem}", hint=hint)
        self.line = line
        self.problem = problem


def load_pattern(folder: Path, root: Path | None = None) -> Pattern:
    """Load the pattern in `folder`; its layers must stay inside `root` (by default, the folder itself).

    Raises PatternError.
    """
    path = folder / PATTERN_FILE
    try:
        document = read_document(path)
    except OSError as error:
        raise PatternError(f"cannot read {path}: {error.strerror}") from error
    except DocumentError as error:
        raise PatternError(f"{_place(path, error.line)} {error.message}", hint=_HINT) from error
    content = _convert(path, document)
    misfit = next(semantic_errors(path, document, content), None)
    if misfit:
        raise misfit
    fields = {name: getattr(content, name) for name in content.__struct_fields__}
    return Pattern(folder=folder, root=root or folder, **fields)


_HINT = "docs/pattern-format.md describes the format; an editor can check it with pattern.schema.json."


def _convert(path: Path, document: Document) -> PatternFile:
    try:
        return msgspec.convert(document.data, PatternFile)
    except msgspec.ValidationError as error:
        message, where = locate_error(document.data, error)
        place = _place(path, document.line(where))
        part = ".".join(str(step) for step in where)
        raise PatternError(f"{place}{f' in {part}:' if part else ''} {message}", hint=_HINT) from error


def locate_error(data: Any, error: msgspec.ValidationError) -> tuple[str, list[str | int]]:
    """What is wrong with `data`, and the part to blame; msgspec itself does not name the option."""
    message, steps = problem_and_part(error, FORMS)
    if " - at `$.options[...]" in str(error):
        steps.insert(1, next(name for name, option in data["options"].items() if not _is_option(option)))
    return message, steps


def _is_option(data: Any) -> bool:
    try:
        msgspec.convert(data, Option)
    except msgspec.ValidationError:
        return False
    return True


def _place(path: Path, line: int | None) -> str:
    return f"{path}, line {line}:" if line else f"{path}:"


def semantic_errors(path: Path, document: Document, content: PatternFile) -> Iterator[PatternFileError]:
    """What the shape of a pattern.yaml allows, and what it means does not."""
    yield from _taken_names(path, document, content)
    yield from _twin_lists(path, document, content)
    yield from _wrong_defaults(path, document, content)


def _taken_names(path: Path, document: Document, content: PatternFile) -> Iterator[PatternFileError]:
    """Names that templates could not use, or that mean two things."""
    for section in ("options", "values"):
        for name in getattr(content, section):
            if name in _RESERVED or (section == "values" and name in content.options):
                yield _taken(path, document, name, [section, name])
    for number, layer in enumerate(content.layers):
        for name in layer.each or ():
            if name in _RESERVED or name in content.options or name in content.values:
                yield _taken(path, document, name, ["layers", number, "each"])


def _taken(path: Path, document: Document, name: str, where: list[str | int]) -> PatternFileError:
    return PatternFileError(path, document.line(where), f"the name {name} is taken; choose another", _HINT)


def _twin_lists(path: Path, document: Document, content: PatternFile) -> Iterator[PatternFileError]:
    """Two lists of the same things: `blueprint add` would not know which one to add to."""
    lists: dict[str, str] = {}
    for name, option in content.options.items():
        if isinstance(option, TextList) and option.item and lists.setdefault(option.item, name) != name:
            line = document.line(["options", name, "item"])
            yield PatternFileError(
                path, line, f"{lists[option.item]} is a list of {option.item} already", _HINT
            )


def _wrong_defaults(path: Path, document: Document, content: PatternFile) -> Iterator[PatternFileError]:
    for name, option in content.options.items():
        try:
            check_value(name, option, option.default)
        except AnswersError as error:
            line = document.line(["options", name, "default"])
            yield PatternFileError(path, line, error.message, error.hint)


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PatternHeading(msgspec.Struct, frozen=True):
    """The name, title, summary and version of a pattern."""

    name: Slug
    title: Line
    summary: Line
    version: SemanticVersion


def read_heading(folder: Path) -> PatternHeading:
    """The heading of the pattern in `folder`. Raises PatternError.

    Reading ends where all of it is known, which is at the top of most: a list of a thousand patterns takes as
    long as loading twenty. What stands below may be broken; who uses the pattern will hear of it.
    """
    path = folder / PATTERN_FILE
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES).decode("utf-8-sig")
        return msgspec.convert(dict(_heading_values(text)), PatternHeading)
    except OSError as error:
        raise PatternError(f"cannot read {path}: {error.strerror}") from error
    except (yaml.YAMLError, msgspec.ValidationError, ValueError) as error:
        raise PatternError(
            f"{path} does not say which pattern it is: its name, title, summary or version cannot be read",
            hint="`blueprint pattern check DIR` says what is wrong.",
        ) from error


def _heading_values(text: str) -> Iterator[tuple[str, str]]:
    """The top-level keys of a heading with their values, until all of them have come."""
    missing = set(PatternHeading.__struct_fields__)
    depth, key = 0, ""
    for event in yaml.parse(text, _Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth, key = depth + 1, ""
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif depth == 1 and isinstance(event, yaml.ScalarEvent):
            if key in missing:
                missing.remove(key)
                yield key, event.value
                if not missing:
                    return
            key = "" if key else event.value
