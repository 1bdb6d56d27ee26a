"""`blueprint update --check`: whether an update is due, without writing anything."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypedDict

from blueprint.errors import ExitStatus, UnresolvedError
from blueprint.project.apply.journal import is_interrupted
from blueprint.project.load import find_project, load_templates
from blueprint.project.state import MAIN

from ..console import Console
from .flow import UpdateRequest, run_update
from .result import UpdateOutput, UpdatesResult

UpdateState = Literal["current", "behind", "waiting"]
"""Whether a project is up to date, an update is due, or an earlier update waits for the user."""


class CheckOutput(TypedDict):
    """State of a project: `current`, `behind` the pattern, or `waiting` for the end of an earlier update.

    `unresolved` are the files with conflicts of that update, and `interrupted` says that it was stopped.
    Otherwise `templates` has what an update would change, and `needs_you` how many files it would leave to
    you.
    """

    project: str
    path: str
    state: UpdateState
    unresolved: list[str]
    interrupted: bool
    needs_you: int
    templates: list[UpdateOutput]
    waiting: list[str]


@dataclass(frozen=True)
class CheckResult:
    """State of a project.

    `updates` is what an update would change; it is None if an earlier one is not finished, because it left
    conflicts in the files `unresolved` or was `interrupted`.
    """

    project: str
    folder: Path
    updates: UpdatesResult | None = None
    unresolved: Sequence[str] = ()
    interrupted: bool = False

    @property
    def state(self) -> UpdateState:
        """The state in one word."""
        if self.updates is None:
            return "waiting"
        due = any(update.due for update in self.updates.updates) or self.updates.waiting
        return "behind" if due else "current"

    @property
    def status(self) -> ExitStatus:
        """OK if the project is current, CONFLICTS otherwise."""
        return ExitStatus.OK if self.state == "current" else ExitStatus.CONFLICTS

    def as_json(self) -> CheckOutput:
        """Return the state, and what an update would change."""
        updates = [update.as_json() for update in self.updates.updates] if self.updates else []
        return {
            "project": self.project,
            "path": str(self.folder),
            "state": self.state,
            "unresolved": [*self.unresolved],
            "interrupted": self.interrupted,
            "needs_you": sum(update["needs_you"] for update in updates),
            "templates": updates,
            "waiting": [*self.updates.waiting] if self.updates else [],
        }

    def describe(self, console: Console) -> None:
        """Print what an update would change, or what an earlier one waits for."""
        if self.updates:
            if self.state == "current":
                console.line(f"{self.project} is up to date")
            else:
                self.updates.describe(console)
        elif self.interrupted:
            console.line(f"An update of {self.project} was interrupted. Finish it: run `blueprint update`.")
        else:
            console.line(f"{self.project} waits for you to resolve the conflicts of the last update in:")
            for path in self.unresolved:
                console.line(f"  {path}")


def check_update(request: UpdateRequest, console: Console, *, force: bool = False) -> CheckResult:
    """Find out whether an update of the project of `request` is due. Raises BlueprintError."""
    folder = find_project(request.project)
    name = load_templates(folder)[MAIN].name
    if is_interrupted(folder):
        return CheckResult(name, folder, interrupted=True)
    try:
        updates = run_update(replace(request, dry_run=True, ask=False), console, force=force)
    except UnresolvedError as error:
        return CheckResult(name, folder, unresolved=error.files)
    return CheckResult(name, folder, updates)
