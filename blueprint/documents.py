"""Strict readers for YAML and JSON that people write, with size limits and line numbers in errors.

The error messages are our own: those of PyYAML and json suggest no fix, and change between releases.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
MAX_STREAM_BYTES = 4 * 1024 * 1024
MAX_STREAM_DEPTH = 100
MAX_STREAM_NODES = 500_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_TOO_DEEP = "is nested deeper than {} levels"
_STANDARD_TAG = "tag:yaml.org,2002:"
_CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")

_OTHER_BASES = (
    (re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"), "a number to the base 60; quote it"),
    (
        re.compile(r"[-+]?0_*[0-7][0-7_]*"),
        "an octal number; write it without a leading 0, or quote it",
    ),
)
"""Plain values that YAML 1.1, and so PyYAML, reads as other numbers than people do, and our messages."""

_UNQUOTED = "has a tab, or a value that begins with @ or `; indent with spaces, or quote the value"
_MISPLACED = "is indented differently from the lines above it, or has text after the end of a value"
_UNCLOSED = "has a bracket that is not closed, or a comma is missing"
_MESSAGES = (
    ("cannot start any token", _UNQUOTED),
    ("found a tab character", _UNQUOTED),
    ("mapping values", "has a colon where none is expected; quote the value, or correct the indentation"),
    ("expected ':'", "has a key without a colon after it"),
    ("expected key", _MISPLACED),
    ("expected '-' indicator", _MISPLACED),
    ("expected <block end>", _MISPLACED),
    ("sequence entries", "has a list item where none is expected; begin the list on a new line"),
    ("expected ',' or", _UNCLOSED),
    ("expected node content", _UNCLOSED),
    ("end of stream", "has a quotation mark that is not closed"),
    ("escape character", "has an unknown escape after a backslash; use single quotation marks"),
    ("another document", "has a second document; remove the line `---`"),
)
"""Our messages, by a part of PyYAML's."""

_CONFLICT = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)
"""A line with which git marks a conflict."""

_OTHER_ERROR = "is not valid YAML here; check the indentation and the quotation marks"


class DocumentError(Exception):
    """A document cannot be read. `line` is 1-based, or None if the error has no single line."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(frozen=True)
class Document:
    """A parsed YAML document with the line number of each part."""

    data: Any
    _root: yaml.Node

    def line(self, path: Sequence[str | int]) -> int:
        """Return the 1-based line of the part at `path`, or of its nearest existing ancestor."""
        node, line = self._root, self._root.start_mark.line
        for step in path:
            entry = _entry(node, step)
            if entry is None:
                break
            mark, node = entry
            line = mark.line
        return line + 1

    def span(self, path: Sequence[str | int]) -> tuple[int, int]:
        """Return where the value at `path` starts and ends in the text. Raises KeyError if it is missing."""
        node = self._root
        for step in path:
            entry = _entry(node, step)
            if entry is None:
                raise KeyError(step)
            node = entry[1]
        return node.start_mark.index, node.end_mark.index


def read_document(path: Path) -> Document:
    """Read and parse the YAML file at `path`. Raises DocumentError, or OSError if it cannot be read."""
    return parse_document(_read_text(path))


def read_stream(path: Path) -> list[Any]:
    """Read and parse a file of YAML documents, as parse_stream does. Raises DocumentError, or OSError."""
    return parse_stream(_read_text(path, MAX_STREAM_BYTES))


def read_json(path: Path) -> Any:
    """Read and parse the JSON file at `path`. Raises DocumentError, or OSError if it cannot be read."""
    try:
        return json.loads(_read_text(path))
    except json.JSONDecodeError as error:
        raise DocumentError("is not valid JSON", error.lineno) from error
    except RecursionError as error:
        raise DocumentError("is nested too deeply") from error
    except ValueError as error:
        raise DocumentError("has a number with too many digits") from error


def _read_text(path: Path, limit: int = MAX_BYTES) -> str:
    with path.open("rb") as file:
        return decoded(file.read(limit + 1), limit)


def decoded(raw: bytes, limit: int) -> str:
    """Return the text of a document of at most `limit` bytes. Raises DocumentError."""
    if len(raw) > limit:
        raise DocumentError(f"is larger than {limit // 1024} KiB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError("is not UTF-8 text") from error


def parse_document(text: str) -> Document:
    """Parse one YAML document.

    Duplicate keys, aliases, custom tags, deep nesting, and numbers to the base 8 or 60 are refused.
    """
    with _strict_loader(text, MAX_DEPTH, aliases=False) as loader:
        root = loader.get_single_node()
        if root is None:
            raise DocumentError("is empty")
        return Document(loader.construct_document(root), root)


def parse_stream(text: str) -> list[Any]:
    """Parse any number of YAML documents; empty ones are left out.

    Unlike in parse_document, aliases are allowed, as long as the documents stay small when they are written
    out.
    """
    with _strict_loader(text, MAX_STREAM_DEPTH, aliases=True) as loader:
        documents = []
        left = MAX_STREAM_NODES
        while loader.check_node():
            root = loader.get_node()
            left -= _written_out(root, left, MAX_STREAM_DEPTH)
            documents.append(loader.construct_document(root))
        return [document for document in documents if document is not None]


def _written_out(node: yaml.Node, limit: int, depth: int) -> int:
    """Return how many nodes a node has with its aliases written out, if they are at most `limit`."""
    if not depth:
        raise DocumentError(_TOO_DEEP.format(MAX_STREAM_DEPTH), _line(node.start_mark))
    parts = [part for pair in node.value for part in pair] if isinstance(node, yaml.MappingNode) else []
    count = 1
    for part in node.value if isinstance(node, yaml.SequenceNode) else parts:
        count += _written_out(part, limit - count, depth - 1)
    if count > limit:
        raise DocumentError("has aliases (*name) that expand to too much", _line(node.start_mark))
    return count


@contextmanager
def _strict_loader(text: str, depth: int, *, aliases: bool) -> Iterator[Any]:
    """Provide a loader for a text that was checked; errors of PyYAML become DocumentError."""
    control = _CONTROL_CHARACTERS.search(text)
    if control:
        raise DocumentError("has a control character; remove it", _line_of(text, control))
    try:
        _check_events(text, depth, aliases=aliases)
        loader = _StrictLoader(text)
        try:
            yield loader
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        if conflict := _CONFLICT.search(text):
            raise DocumentError(
                "has a conflict of git; edit the file, and keep one of both versions",
                _line_of(text, conflict),
            ) from error
        mark = error.problem_mark or error.context_mark
        raise DocumentError(_problem(error, text, depth), _line(mark)) from error
    except yaml.YAMLError as error:
        raise DocumentError("is not valid YAML") from error


def _problem(error: yaml.MarkedYAMLError, text: str, depth: int) -> str:
    """Return our message for an error of PyYAML."""
    # PyYAML reads ahead, and some releases stop at a depth limit of their own before we reach ours.
    before = text[: error.problem_mark.index] if error.problem_mark else ""
    if len(re.findall(r"[\[{]", before)) - len(re.findall(r"[\]}]", before)) > depth:
        return _TOO_DEEP.format(depth)
    message = f"{error.problem} {error.context}"
    return next((ours for theirs, ours in _MESSAGES if theirs in message), _OTHER_ERROR)


def _check_events(text: str, most: int, *, aliases: bool) -> None:
    """Reject tags, aliases and deep nesting, which could run code or exhaust memory, before building."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) and not aliases:
            raise DocumentError("has an alias (*name); write the value out", _line(event.start_mark))
        tag = getattr(event, "tag", None)
        if tag not in (None, "!") and tag not in yaml.SafeLoader.yaml_constructors:
            shown = tag.replace(_STANDARD_TAG, "!!")
            raise DocumentError(f"has the tag {shown}; remove it", _line(event.start_mark))
        if not aliases and isinstance(event, yaml.ScalarEvent) and event.implicit[0]:
            _refuse_other_bases(event)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > most:
            raise DocumentError(_TOO_DEEP.format(most), _line(event.start_mark))


def _refuse_other_bases(event: yaml.ScalarEvent) -> None:
    """Reject plain values such as 12:30 and 010, which PyYAML reads as 750 and 8."""
    for form, problem in _OTHER_BASES:
        if form.fullmatch(event.value):
            raise DocumentError(
                f"has the value {event.value[:40]}, which YAML reads as {problem}", _line(event.start_mark)
            )


def _line_of(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start()) + 1


def _line(mark: Any) -> int | None:
    return mark.line + 1 if mark else None


def _entry(node: yaml.Node, step: str | int) -> tuple[yaml.Mark, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step or _is_boolean(key.value, step):
                return key.start_mark, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = node.value[step]
        return item.start_mark, item
    return None


def _is_boolean(key: str, step: str | int) -> bool:
    """Whether `key`, such as yes or off, is the text of the boolean key `step`."""
    return isinstance(step, bool) and yaml.SafeLoader.bool_values.get(key.lower()) is step


class _StrictLoader(_Loader):  # type: ignore[misc]
    """A safe loader that rejects duplicate keys; PyYAML's keeps only the last value."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, LookupError, AttributeError) as error:
            # For example, a date in month 13, or a number with too many digits.
            value = repr(str(node.value)[:40])
            raise DocumentError(
                f"has the value {value}, which YAML cannot convert; quote it",
                _line(node.start_mark),
            ) from error

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise DocumentError("has a key that is not a plain word", _line(key.start_mark))
            if key.value in seen:
                raise DocumentError(f"has the key {key.value!r} twice", _line(key.start_mark))
            seen.add(key.value)
        return dict(super().construct_mapping(node, deep))
