"""Parts of the JSON output that several commands share."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict

from blueprint.patterns import Value
from blueprint.project.merge.difference import Difference, DifferenceKind

from .console import Console, shown

BOLD, RED, GREEN, CYAN, PLAIN = (f"\x1b[{number}m" for number in (1, 31, 32, 36, 0))

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


def ignored_state(paths: Sequence[str]) -> list[str]:
    """Return the warning about state files, relative to the project, that git ignores; none without files."""
    if not paths:
        return []
    them = "it" if len(paths) == 1 else "them"
    return [
        f"git ignores {', '.join(paths)}, and without {them} a clone of the project cannot be updated; "
        f"run `git add --force {' '.join(paths)}` in the project"
    ]


def difference_as_json(difference: Difference) -> DifferenceOutput:
    """Return a difference for programs."""
    return {"path": difference.path, "kind": difference.kind, "text": difference.text}


def describe_differences(console: Console, differences: Iterable[Difference]) -> None:
    """Print differences as `git diff` does, at a terminal in colors and through a pager."""
    texts = [each.text.rstrip("\n") or f"{each.path}: {each.kind}, not shown" for each in differences]
    console.paged("\n".join(line for text in texts for line in _diff_lines(text, color=console.colors)))


def _diff_lines(text: str, *, color: bool) -> Iterator[str]:
    """Yield the lines of a difference. Only what it consists of has colors, not what the files contain."""
    style = BOLD
    for line in map(shown, text.split("\n")):
        if line.startswith("@@"):
            style = CYAN
        elif style != BOLD:
            style = {"+": GREEN, "-": RED}.get(line[:1], "")
        yield f"{style}{line}{PLAIN}" if color and style else line
