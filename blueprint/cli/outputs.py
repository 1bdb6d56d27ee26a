"""Parts of the JSON output that several commands share."""

from collections.abc import Iterable
from typing import TypedDict

from blueprint.patterns import Value
from blueprint.project.merge.difference import Difference, DifferenceKind

from .console import Console

AnswersOutput = dict[str, Value | bool]
"""Answers by option. For Python `bool` is an `int`, but not for JSON Schema."""


class PatternOutput(TypedDict):
    """Name and version of a pattern."""

    name: str
    version: str


class DifferenceOutput(TypedDict):
    """A file that differs. `text` is its unified diff; it is empty for secret files."""

    path: str
    kind: DifferenceKind
    text: str


def difference_as_json(difference: Difference) -> DifferenceOutput:
    """Return a difference for programs."""
    return {"path": difference.path, "kind": difference.kind, "text": difference.text}


def describe_differences(console: Console, differences: Iterable[Difference]) -> None:
    """Print differences as `git diff` does."""
    for each in differences:
        console.line(each.text.rstrip("\n") or f"{each.path}: {each.kind}, not shown")
