"""What can go wrong: each error says what is wrong and what to do next, and has one exit status."""

from enum import IntEnum
from typing import ClassVar


class ExitStatus(IntEnum):
    """The exit status of the process. The numbers are part of the interface: they never change."""

    OK = 0
    FAULT = 1
    USAGE = 2
    ANSWERS = 3
    PATTERN = 4
    TARGET = 5
    DISK = 6
    NEEDS = 7
    CONFLICTS = 8
    PROJECT = 9
    SOURCE = 10
    TRUST = 11
    INTERRUPTED = 130
    TERMINATED = 143


class BlueprintError(Exception):
    """Something the user can put right.

    `message` says what is wrong, `hint` what to do next, `code` is a stable word for programs.
    """

    code: ClassVar[str]
    status: ClassVar[ExitStatus]

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(BlueprintError):
    """The command line itself is wrong."""

    code = "usage"
    status = ExitStatus.USAGE


class AnswersError(BlueprintError):
    """An answer is unknown, of the wrong type or out of range."""

    code = "bad-answers"
    status = ExitStatus.ANSWERS


class ProjectNameError(AnswersError):
    """The name cannot become the name of a project and of a Python package."""

    code = "bad-name"


class PatternError(BlueprintError):
    """A pattern.yaml is broken."""

    code = "bad-pattern"
    status = ExitStatus.PATTERN


class UnknownPatternError(PatternError):
    """No pattern has that name."""

    code = "unknown-pattern"


class RenderError(PatternError):
    """A template of the pattern cannot be rendered."""

    code = "bad-template"


class HostilePatternError(RenderError):
    """A pattern tried what no pattern may do: leave its folder, or take more than its share."""

    code = "hostile-pattern"


class SourceError(BlueprintError):
    """What a pattern is fetched from cannot be reached, or there is no pattern in it."""

    code = "source"
    status = ExitStatus.SOURCE


class UntrustedError(BlueprintError):
    """A template wants to run code that nobody has agreed to."""

    code = "untrusted"
    status = ExitStatus.TRUST


class TargetError(BlueprintError):
    """The folder to write to is in use, or something stands in the way."""

    code = "target-in-use"
    status = ExitStatus.TARGET


class DiskError(BlueprintError):
    """The operating system refused to read or write."""

    code = "disk"
    status = ExitStatus.DISK


class ProjectError(BlueprintError):
    """There is no project, or what it remembers of itself cannot be used."""

    code = "bad-project"
    status = ExitStatus.PROJECT


class DowngradeError(ProjectError):
    """The pattern is older than the project."""

    code = "downgrade"


class OutdatedError(ProjectError):
    """The pattern has moved on since the project was made or updated."""

    code = "update-first"


class UnresolvedError(ProjectError):
    """Conflicts of an update before have not been resolved."""

    code = "unresolved-conflicts"


class InternalError(BlueprintError):
    """What should not happen: a fault of blueprint, not of its user."""

    code = "fault"
    status = ExitStatus.FAULT

    def __init__(self, message: str) -> None:
        super().__init__(
            f"this is a fault in blueprint: {message}",
            hint="Please report it, with what BLUEPRINT_TRACEBACK=1 in the environment shows.",
        )
