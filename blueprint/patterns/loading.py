"""Load pattern.yaml files; errors name the file, the line and the part."""

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml
from msgspec.structs import replace

from blueprint.documents import MAX_BYTES, Document, DocumentError, read_document
from blueprint.errors import AnswersError, PatternError
from blueprint.schema_errors import problem_and_part

from .answers import check_value
from .model import Pattern, PatternFile
from .options import FORMS, Line, Option, SemanticVersion, Slug, Text, TextList

PATTERN_FILE = "pattern.yaml"

_JINJA = "and else false if import in include is not none or recursive true with without context"


@cache
def _reserved() -> frozenset[str]:
    """The names that templates already have, some of them from Jinja."""
    from jinja2.defaults import DEFAULT_NAMESPACE

    return frozenset({"project", "package", "pattern", "secret", *DEFAULT_NAMESPACE, *_JINJA.split()})


class PatternFileError(PatternError):
    """An invalid part of the pattern.yaml at `path`: the `problem`, and its `line` (1-based)."""

    def __init__(self, path: Path, line: int, problem: str, hint: str) -> None:
        super().__init__(f"{_place(path, line)} {problem}", hint=hint)
        self.path = path
        self.line = line
        self.problem = problem


def load_pattern(folder: Path, root: Path | None = None) -> Pattern:
    """Load the pattern in `folder`. Raises PatternError.

    Its layers must be inside `root`, by default the folder itself.
    """
    path = folder / PATTERN_FILE
    try:
        document = read_document(path)
    except OSError as error:
        raise PatternError(f"cannot read {path}: {error.strerror}") from error
    except DocumentError as error:
        raise PatternError(f"{_place(path, error.line)} {error.message}", hint=_HINT) from error
    content = _convert(path, document)
    first_error = next(semantic_errors(path, document, content), None)
    if first_error:
        raise first_error
    fields = {name: getattr(content, name) for name in content.__struct_fields__}
    return Pattern(folder=folder, root=root or folder, **fields)


_HINT = "See docs/reference/pattern-format.md, or let an editor check the file against pattern.schema.json."


def _convert(path: Path, document: Document) -> PatternFile:
    try:
        return msgspec.convert(document.data, PatternFile)
    except msgspec.ValidationError as error:
        message, where = locate_error(document.data, error)
        place = _place(path, document.line(where))
        part = ".".join(str(step) for step in where)
        raise PatternError(f"{place}{f' in {part}:' if part else ''} {message}", hint=_HINT) from error


def locate_error(data: Any, error: msgspec.ValidationError) -> tuple[str, list[str | int]]:
    """Return what is wrong with `data`, and the path to it; msgspec does not name the option in the path."""
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
    """Find errors that the schema cannot express: names, lists and defaults that conflict."""
    yield from _missing_parts(path, document, content)
    yield from _name_conflicts(path, document, content)
    yield from _duplicate_lists(path, document, content)
    yield from _invalid_defaults(path, document, content)


def _missing_parts(path: Path, document: Document, content: PatternFile) -> Iterator[PatternFileError]:
    """Find a pattern without files, tasks that do not say what to run, and migrations that do nothing."""
    if not content.layers and not content.include:
        yield PatternFileError(
            path, document.line(["layers"]), "in layers: add one, or include another pattern", _HINT
        )
    for number, task in enumerate(content.tasks):
        if (task.run is None) == (task.script is None):
            line = document.line(["tasks", number])
            yield PatternFileError(path, line, "a task needs either `run` or `script`", _HINT)
    for number, migration in enumerate(content.migrations):
        if migration.script is None and migration.brief is None:
            line = document.line(["migrations", number])
            yield PatternFileError(path, line, "a migration needs a `script` or a `brief`", _HINT)


def _name_conflicts(path: Path, document: Document, content: PatternFile) -> Iterator[PatternFileError]:
    """Find names that are reserved or used twice: templates see options, values and items as variables."""
    for section in ("options", "values"):
        for name in getattr(content, section):
            if name in _reserved() or (section == "values" and name in content.options):
                yield _name_conflict(path, document, name, [section, name])
    for number, layer in enumerate(content.layers):
        for name in layer.each or ():
            if name in _reserved() or name in content.options or name in content.values:
                yield _name_conflict(path, document, name, ["layers", number, "each"])


def _name_conflict(path: Path, document: Document, name: str, where: list[str | int]) -> PatternFileError:
    return PatternFileError(path, document.line(where), f"the name {name} is taken; choose another", _HINT)


def _duplicate_lists(path: Path, document: Document, content: PatternFile) -> Iterator[PatternFileError]:
    """Find lists with the same `item`: `blueprint add ITEM NAME` could not choose between them."""
    lists: dict[str, str] = {}
    for name, option in content.options.items():
        if isinstance(option, TextList) and option.item and lists.setdefault(option.item, name) != name:
            line = document.line(["options", name, "item"])
            problem = (
                f"the option {lists[option.item]} already has the item {option.item}; choose another one"
            )
            yield PatternFileError(path, line, problem, _HINT)


def _invalid_defaults(path: Path, document: Document, content: PatternFile) -> Iterator[PatternFileError]:
    for name, option in content.options.items():
        if isinstance(option, Text) and "{" in option.default:
            # The rendered default must have the format, not the template.
            option = replace(option, format=None)
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
    """Read only the heading of the pattern in `folder`. Raises PatternError.

    Reading ends as soon as the heading is complete, which makes it about a hundred times as fast as loading
    the pattern. Errors further down in the file are reported when the pattern is loaded.
    """
    path = os.path.join(folder, PATTERN_FILE)
    try:
        with open(path, "rb") as file:
            text = file.read(MAX_BYTES).decode("utf-8-sig")
        return msgspec.convert(plain_heading(text) or dict(_heading_values(text)), PatternHeading)
    except OSError as error:
        raise PatternError(f"cannot read {path}: {error.strerror}") from error
    except (yaml.YAMLError, msgspec.ValidationError, ValueError) as error:
        raise PatternError(
            f"{path} does not say which pattern it is: its name, title, summary or version cannot be read",
            hint="`blueprint pattern check DIR` says what is wrong.",
        ) from error


_PLAIN = re.compile(r"""([a-z_]+): +([^ \-?:,\[\]{}#&*!|>'"%@`](?:[^:#]*[^ :#])?) *""")
"""A line with a key and a value that YAML takes as it is: no quotes, no comment and nothing nested."""


def plain_heading(text: str) -> dict[str, str] | None:
    """Return the values of the heading in `text` if it begins with nothing but plain lines; None if not.

    This is what the parser finds in most patterns, only faster.
    """
    values: dict[str, str] = {}
    missing = set(PatternHeading.__struct_fields__)
    for line in text.split("\n"):
        if not line or (line.startswith("#") and line.isprintable()):
            continue
        if not missing:
            # The last value would go on in a line that is indented.
            return values if line[0] not in " \t" else None
        match = _PLAIN.fullmatch(line)
        if match is None or not line.isprintable() or match[1] in values:
            return None
        if match[1] in missing:
            missing.remove(match[1])
            values[match[1]] = match[2]
    return values if not missing else None


def _heading_values(text: str) -> Iterator[tuple[str, str]]:
    """Yield the keys and values of the heading; stop parsing when it is complete."""
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
