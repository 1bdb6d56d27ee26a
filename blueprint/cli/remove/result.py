"""Result of `blueprint remove`."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypedDict

from blueprint.errors import ExitStatus
from blueprint.project.merge.outcome import NEEDS_YOU, FileOutcome
from blueprint.project.removal import PreparedRemoval

from ..console import Console
from ..outputs import PatternOutput
from ..update.files import FileOutput, describe_files, files_as_json, needs_you
from ..update.result import UpdatesResult

_DONE: Mapping[FileOutcome, str] = MappingProxyType(
    {
        FileOutcome.DELETED: "deleted (you had not edited them)",
        FileOutcome.KEPT: "kept, because you edited them",
        FileOutcome.KEPT_SHARED: "kept, because other templates write them too",
    }
)
_PLANNED: Mapping[FileOutcome, str] = MappingProxyType(
    {
        FileOutcome.DELETED: "would be deleted (you have not edited them)",
        FileOutcome.KEPT: "would be kept, because you edited them",
        FileOutcome.KEPT_SHARED: "would be kept, because other templates write them too",
    }
)


class RemoveOutput(TypedDict):
    """A template that was removed from a project, or would be in a dry run.

    `finished` is the output of an earlier update that had been interrupted. `shared` are the files that other
    templates write, too, with their names.
    """

    project: str
    path: str
    template: str
    written: bool
    finished: dict[str, Any] | None
    uncommitted_changes: bool
    pattern: PatternOutput
    needs_you: int
    files: list[FileOutput]
    shared: dict[str, str]


@dataclass(frozen=True)
class RemoveResult:
    """A template that was removed from a project, or would be in a dry run."""

    removal: PreparedRemoval
    written: bool = False
    seen: bool = False
    """Whether the user saw the outcomes before they confirmed."""
    dirty: bool = False
    finished: UpdatesResult | None = None
    """An earlier update that had been interrupted."""

    @property
    def status(self) -> ExitStatus:
        """OK, or CONFLICTS if a file needs a decision."""
        return ExitStatus.CONFLICTS if needs_you(self.removal.changes) else ExitStatus.OK

    def as_json(self) -> RemoveOutput:
        """Return the template, and every file with its outcome."""
        template = self.removal.template
        return {
            "project": template.name,
            "path": str(template.folder),
            "template": template.template,
            "written": self.written,
            "finished": {**self.finished.as_json()} if self.finished else None,
            "uncommitted_changes": self.dirty,
            "pattern": {"name": template.pattern, "version": template.version},
            "needs_you": needs_you(self.removal.changes),
            "files": files_as_json(self.removal.changes, (), ""),
            "shared": dict(self.removal.shared),
        }

    def describe(self, console: Console) -> None:
        """Print the files by outcome; those to decide on come last."""
        template, changes = self.removal.template, self.removal.changes
        if self.finished and not self.seen:
            self.finished.describe(console)
            console.line()
        verb = "Removed" if self.written else "Would remove"
        pattern = f"{template.pattern} {template.version}"
        console.line(f"{verb} {template.template} from {template.name}: {pattern}")
        if self.seen:
            changes = tuple(change for change in changes if change.outcome in NEEDS_YOU)
        headings = _DONE if self.written else _PLANNED
        describe_files(console, changes, written=self.written, headings=headings)
