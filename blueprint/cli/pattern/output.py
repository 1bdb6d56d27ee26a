"""JSON output of the commands of `blueprint pattern`."""

from typing import Any, TypedDict

from blueprint.authoring.problems import ProblemCode
from blueprint.patterns import Option, Origin
from blueprint.sources.user_patterns import PatternEntry

from ..outputs import AnswersOutput, DifferenceOutput, PatternOutput


class PatternsOutput(TypedDict):
    """Patterns that are available, or that were added or removed, and installed ones that cannot be used."""

    patterns: list[PatternEntry]
    problems: list[str]


class CodeOutput(TypedDict):
    """Code that a pattern runs on the user's machine."""

    what: str
    text: str


class PatternShowOutput(TypedDict):
    """A pattern: its definition, where it came from, and the code that it runs."""

    format: int
    name: str
    title: str
    summary: str
    version: str
    options: dict[str, Option]
    run: str
    test: str
    look: list[str]
    smoke: list[str]
    recommend: dict[str, Any]
    origin: Origin
    code: list[CodeOutput]


class PatternInitOutput(TypedDict):
    """A starter pattern that was created."""

    name: str
    path: str
    files: list[str]


class ProblemOutput(TypedDict):
    """A problem of a pattern, and the answers that reproduce it."""

    code: ProblemCode
    message: str
    path: str
    line: int | None
    answers: dict[str, Any]


class SmokeOutput(TypedDict):
    """A smoke command that was run; `exit_code` is null if it took too long.

    `answers` are those of the project that are not the defaults.
    """

    command: str
    exit_code: int | None
    output: str
    answers: dict[str, Any]


class PatternCheckOutput(TypedDict):
    """Problems of a pattern. `pattern` is null if its pattern.yaml cannot be read."""

    path: str
    pattern: PatternOutput | None
    combinations: int
    problems: list[ProblemOutput]
    warnings: list[ProblemOutput]
    smoke: list[SmokeOutput]
    not_run: list[str]


class CaseOutput(TypedDict):
    """A golden tree, and the files that differ from it."""

    name: str
    passed: bool
    updated: bool
    error: str
    files: list[DifferenceOutput]


class PatternTestOutput(TypedDict):
    """Golden trees of a pattern."""

    path: str
    pattern: PatternOutput
    cases: list[CaseOutput]


class PreviewFileOutput(TypedDict):
    """A file that a pattern renders."""

    path: str
    bytes: int
    secret: bool


class PatternPreviewOutput(TypedDict):
    """The project that a pattern renders, and the content of the file that `--file` names."""

    pattern: PatternOutput
    answers: AnswersOutput
    files: list[PreviewFileOutput]
    content: str | None


class PatternPackOutput(TypedDict):
    """A pattern that was packed into one file of so many `bytes`."""

    pattern: PatternOutput
    path: str
    bytes: int
    files: int
    bundled_files: int
