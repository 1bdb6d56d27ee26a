"""What can be wrong with a pattern, as its author reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from blueprint.patterns import Value

ProblemCode = Literal[
    "bad-pattern",
    "bad-terms",
    "bad-template",
    "undefined",
    "unused-option",
    "unused-value",
    "unreachable-layer",
    "missing-layer",
    "conflict",
    "hostile",
    "fails",
    "never-there",
]


@dataclass(frozen=True)
class Problem:
    """One thing to put right: `message` at `line` (1-based, or None for the whole) of the file `path`.

    `answers` are those that differ from the defaults and without which the problem is not there.
    """

    code: ProblemCode
    message: str
    path: Path
    line: int | None = None
    answers: Mapping[str, Value] = field(default_factory=dict)

    @property
    def identity(self) -> tuple[str, str, Path, int | None]:
        """What makes two findings the same problem, whichever answers it was found with."""
        return self.code, self.message, self.path, self.line


class Findings:
    """Problems, each once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, Path, int | None], Problem] = {}

    def add(self, problem: Problem) -> None:
        """Note `problem`, unless it has been noted already with other answers."""
        self._found.setdefault(problem.identity, problem)

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def all(self) -> tuple[Problem, ...]:
        """All problems, by file and line."""
        return tuple(sorted(self._found.values(), key=lambda found: (found.path, found.line or 0)))
