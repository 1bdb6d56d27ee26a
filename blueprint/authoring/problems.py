"""Problems in a pattern, as reported to its author."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from blueprint.patterns import Value

ProblemCode = Literal[
    "bad-pattern",
    "bad-terms",
    "bad-template",
    "bad-script",
    "undefined",
    "unused-option",
    "unused-value",
    "unused-replacement",
    "nested-replacement",
    "not-replaced",
    "unreachable-layer",
    "missing-layer",
    "conflict",
    "hostile",
    "fails",
    "never-there",
    "secret-not-ignored",
]


@dataclass(frozen=True)
class Problem:
    """A problem at `line` (1-based; None for the whole file) of the file `path`.

    `answers` are the non-default answers that are needed to reproduce it.
    """

    code: ProblemCode
    message: str
    path: Path
    line: int | None = None
    answers: Mapping[str, Value] = field(default_factory=dict)

    @property
    def identity(self) -> tuple[str, str, Path, int | None]:
        """Key that is equal for two findings of the same problem with different answers."""
        return self.code, self.message, self.path, self.line


class Findings:
    """A collection of problems without duplicates."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, Path, int | None], Problem] = {}

    def add(self, problem: Problem) -> None:
        """Add `problem`, unless it was already found with other answers."""
        self._found.setdefault(problem.identity, problem)

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def all(self) -> tuple[Problem, ...]:
        """All problems, sorted by file and line."""
        return tuple(sorted(self._found.values(), key=lambda found: (found.path, found.line or 0)))
