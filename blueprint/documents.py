"""YAML documents that people write: read strictly, bounded, and with line numbers for errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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


def read_document(path: Path) -> Document:
    """Read and parse the YAML file at `path`. Raises DocumentError, or OSError if it cannot be read."""
    with path.open("rb") as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise DocumentError(f"is larger than {MAX_BYTES // 1024} KiB")
    try:
        return parse_document(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise DocumentError("is not UTF-8 text") from error


def parse_document(text: str) -> Document:
    """Parse one YAML document; duplicate keys, aliases, custom tags and deep nesting are refused."""
    try:
        _check_events(text)
        loader = _StrictLoader(text)
        try:
            root = loader.get_single_node()
            if root is None:
                raise DocumentError("is empty")
            return Document(loader.construct_document(root), root)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DocumentError(error.problem or "is not YAML", _line(mark)) from error
    except (yaml.YAMLError, ValueError) as error:
        raise DocumentError(f"is not YAML: {error}") from error


def _check_events(text: str) -> None:
    """Refuse what could blow up, before anything is built from it."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise DocumentError("has an alias (*name); write the value out", _line(event.start_mark))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise DocumentError(f"is nested deeper than {MAX_DEPTH} levels", _line(event.start_mark))


def _line(mark: Any) -> int | None:
    return mark.line + 1 if mark else None


def _entry(node: yaml.Node, step: str | int) -> tuple[yaml.Mark, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = node.value[step]
        return item.start_mark, item
    return None


class _StrictLoader(_Loader):  # type: ignore[misc]
    """A safe loader that rejects duplicate keys; PyYAML's keeps only the last value."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise DocumentError("has a key that is not a plain word", _line(key.start_mark))
            if key.value in seen:
                raise DocumentError(f"has the key {key.value!r} twice", _line(key.start_mark))
            seen.add(key.value)
        return dict(super().construct_mapping(node, deep))
