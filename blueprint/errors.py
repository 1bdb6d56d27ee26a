"""Errors that users see: each has a message, a hint, a stable code and an exit status."""

from collections.abc import Sequence
from enum import IntEnum
from typing import ClassVar


class ExitStatus(IntEnum):
    """Exit status of the process. The numbers are part of the public interface and never change."""

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
    """A problem that the user can fix.

    `message` says what is wrong and `hint` what to do about it; `code` identifies the problem for programs.
    """

    code: ClassVar[str]
    status: ClassVar[ExitStatus]

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(BlueprintError):
    """The command line is not valid."""

    code = "usage"
    status = ExitStatus.USAGE


class AnswersError(BlueprintError):
    """An answer is unknown, has the wrong type, or is out of range."""

    code = "bad-answers"
    status = ExitStatus.ANSWERS


class ProjectNameError(AnswersError):
    """The project name cannot be used, because a Python package of that name would not work."""

    code = "bad-name"


class PatternError(BlueprintError):
    """A pattern.yaml is not valid."""

    code = "bad-pattern"
    status = ExitStatus.PATTERN


class UnknownPatternError(PatternError):
    """There is no pattern with this name or at this location."""

    code = "unknown-pattern"


class RenderError(PatternError):
    """A template of the pattern cannot be rendered."""

    code = "bad-template"


class HostilePatternError(RenderError):
    """A pattern tried to leave its folder, or exceeded a limit on size, time or memory."""

    code = "hostile-pattern"


class SourceError(BlueprintError):
    """A source of patterns cannot be fetched or read, or lacks the requested version."""

    code = "source"
    status = ExitStatus.SOURCE


class UntrustedError(BlueprintError):
    """A template needs to run code that the user has not trusted."""

    code = "untrusted"
    status = ExitStatus.TRUST


class TargetError(BlueprintError):
    """The target folder is in use, or an existing file is in the way."""

    code = "target-in-use"
    status = ExitStatus.TARGET


class DiskError(BlueprintError):
    """The operating system refused to read or write a file."""

    code = "disk"
    status = ExitStatus.DISK


def disk_error(error: OSError) -> DiskError:
    """Describe an error of the operating system that no one has described more closely."""
    place = f"{error.filename}: " if error.filename else ""
    return DiskError(f"{place}{error.strerror or 'reading or writing failed'}")


class ProjectError(BlueprintError):
    """There is no project here, or its recorded state cannot be used."""

    code = "bad-project"
    status = ExitStatus.PROJECT


class DowngradeError(ProjectError):
    """The pattern is older than the version the project was generated from."""

    code = "downgrade"


class OutdatedError(ProjectError):
    """The pattern has changed since the project was created or last updated."""

    code = "update-first"


class UnresolvedError(ProjectError):
    """Conflicts from an earlier update are not resolved yet."""

    code = "unresolved-conflicts"

    def __init__(self, files: Sequence[str]) -> None:
        super().__init__(
            f"unresolved conflicts of the last update in {', '.join(files)}",
            hint="Edit the sections between <<<<<<< and >>>>>>>, and delete the lines with the markers.",
        )
        self.files = files


class InternalError(BlueprintError):
    """A bug in blueprint itself."""

    code = "fault"
    status = ExitStatus.FAULT

    def __init__(self, message: str) -> None:
        super().__init__(
            f"this is a bug in blueprint: {message}",
            hint="Please report it with the traceback, which BLUEPRINT_TRACEBACK=1 in the environment shows.",
        )
