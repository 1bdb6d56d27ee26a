"""Result of `blueprint fleet`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from blueprint.errors import BlueprintError, ExitStatus
from blueprint.project.load import Project
from blueprint.project.state import MAIN

from ..console import Console, ErrorOutput, error_as_json, pluralize
from ..update.check import UpdateState

HEAD = ("project", "pattern", "version", "newest", "edits", "state", "conflicts")


class FleetProject(TypedDict):
    """One template of one project.

    `newest` is the version that an update would bring; null if an earlier update waits for its end. `edits`
    counts the files of the pattern that were edited or deleted. `conflicts` are the files that need a
    decision. A project that cannot be checked has only `folder` and `error`.
    """

    folder: str
    project: str | None
    template: str | None
    pattern: str | None
    version: str | None
    newest: str | None
    state: UpdateState | None
    edits: int
    conflicts: list[str]
    error: ErrorOutput | None


class FleetOutput(TypedDict):
    """State of many projects, and how many are in each state."""

    projects: list[FleetProject]
    current: int
    behind: int
    waiting: int
    errors: int


@dataclass(frozen=True)
class FleetRow:
    """One template of a project, or a project that cannot be checked; `folder` is as in the file."""

    folder: str
    project: Project | None = None
    newest: str | None = None
    state: UpdateState | None = None
    edits: int = 0
    conflicts: tuple[str, ...] = ()
    error: BlueprintError | None = None

    def as_json(self) -> FleetProject:
        """Return all columns."""
        project = self.project
        return {
            "folder": self.folder,
            "project": project.name if project else None,
            "template": project.template if project else None,
            "pattern": project.pattern if project else None,
            "version": project.version if project else None,
            "newest": self.newest,
            "state": self.state,
            "edits": self.edits,
            "conflicts": [*self.conflicts],
            "error": error_as_json(self.error) if self.error else None,
        }

    def columns(self, project: Project) -> tuple[str, ...]:
        """Return the columns of the table for people."""
        further = f" ({project.template})" if project.template != MAIN else ""
        return (
            f"{self.folder}{further}",
            project.pattern,
            project.version,
            self.newest or "-",
            str(self.edits),
            self.state or "-",
            str(len(self.conflicts)),
        )


@dataclass(frozen=True)
class FleetResult:
    """State of many projects."""

    rows: tuple[FleetRow, ...]

    @property
    def status(self) -> ExitStatus:
        """The status of the first error; without one, OK if all projects are current, or CONFLICTS."""
        failed = next((row.error.status for row in self.rows if row.error), None)
        current = all(row.state == "current" for row in self.rows)
        return failed or (ExitStatus.OK if current else ExitStatus.CONFLICTS)

    def as_json(self) -> FleetOutput:
        """Return every row, and the counts."""
        counts = self._counts
        return {
            "projects": [row.as_json() for row in self.rows],
            "current": counts["current"],
            "behind": counts["behind"],
            "waiting": counts["waiting"],
            "errors": counts[None],
        }

    def describe(self, console: Console) -> None:
        """Print the table, then the errors and the counts."""
        known = [(row, row.project) for row in self.rows if row.project]
        if known:
            console.table(HEAD, [row.columns(project) for row, project in known])
        for row in self.rows:
            if row.error:
                console.line(f"{row.folder}: {row.error.message}. {row.error.hint}".rstrip())
        counts = self._counts
        console.line()
        console.line(
            f"{counts['current']} current, {counts['behind']} behind, {counts['waiting']} waiting, "
            f"{pluralize(counts[None], 'error')}"
        )

    @property
    def _counts(self) -> Mapping[UpdateState | None, int]:
        return Counter(row.state for row in self.rows)
