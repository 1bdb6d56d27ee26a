"""Result of `blueprint new --into`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypedDict

from blueprint.errors import ExitStatus
from blueprint.project.merge.outcome import NEEDS_YOU, FileChange, FileOutcome
from blueprint.project.update import TemplateUpdate
from blueprint.render import Rendering

from ...console import Console
from ...outputs import AnswersOutput, PatternOutput
from ...update.files import FileOutput, describe_files, files_as_json, needs_you
from ...update.result import UpdatesResult
from ...user_defaults import DefaultsOutput, answer_lines, defaults_as_json


class IntoOutput(TypedDict):
    """A template that was added to a project, or would be in a dry run.

    `finished` is the output of an earlier update that had been interrupted. `defaults` names the answers that
    are from the user's file of defaults. `shared` are the files that other templates write, too, with their
    names.
    """

    project: str
    path: str
    template: str
    written: bool
    finished: dict[str, Any] | None
    uncommitted_changes: bool
    pattern: PatternOutput
    source: str
    answers: AnswersOutput
    defaults: DefaultsOutput | None
    needs_you: int
    files: list[FileOutput]
    shared: dict[str, str]
    run: str
    test: str
    look: list[str]
    opening_message: str
    message: str


@dataclass(frozen=True)
class IntoResult:
    """A template that was added to a project, or would be in a dry run.

    `shared` are the files that other templates of the project write too, with the names of these templates.
    """

    wanted: TemplateUpdate
    rendering: Rendering
    changes: tuple[FileChange, ...]
    shared: Mapping[str, str]
    written: bool = False
    seen: bool = False
    """Whether the user saw the answers and the outcomes before they confirmed."""
    dirty: bool = False
    opening: str = ""
    """What the pattern told the user before the questions."""
    finished: UpdatesResult | None = None
    """An earlier update that had been interrupted."""

    @property
    def status(self) -> ExitStatus:
        """OK, or CONFLICTS if a file needs a decision."""
        return ExitStatus.CONFLICTS if needs_you(self.changes) else ExitStatus.OK

    @property
    def in_use(self) -> list[str]:
        """The files that the project has with other content, each with the template that it is from."""
        return [
            f"{change.path} ({self._owner(change)})"
            for change in self.changes
            if change.outcome is FileOutcome.CONFLICT
        ]

    def as_json(self) -> IntoOutput:
        """Return the template, its answers, every file with its outcome, and the commands of the template."""
        project, pattern = self.wanted.project, self.wanted.pattern
        return {
            "project": project.name,
            "path": str(project.folder),
            "template": project.template,
            "written": self.written,
            "finished": {**self.finished.as_json()} if self.finished else None,
            "uncommitted_changes": self.dirty,
            "pattern": {"name": pattern.name, "version": pattern.version},
            "source": self.wanted.source,
            "answers": dict(self.wanted.answers.remembered),
            "defaults": defaults_as_json(self.wanted.answers.user_defaults),
            "needs_you": needs_you(self.changes),
            "files": files_as_json(self.changes, (), self.rendering.test),
            "shared": dict(self.shared),
            "run": self.rendering.run,
            "test": self.rendering.test,
            "look": list(self.rendering.look),
            "opening_message": self.opening,
            "message": self.rendering.message,
        }

    def describe(self, console: Console) -> None:
        """Print the template and its answers, then the files by outcome; those to decide on come last."""
        project, pattern = self.wanted.project, self.wanted.pattern
        if self.finished and not self.seen:
            self.finished.describe(console)
            console.line()
        verb = "Added" if self.written else "Would add"
        console.line(f"{verb} {project.template} to {project.name}: {pattern.title} {pattern.version}")
        changes = self.changes
        if self.seen:
            changes = tuple(change for change in changes if change.outcome in NEEDS_YOU)
        else:
            for line in answer_lines(self.wanted.answers):
                console.line(line)
        noted = (
            replace(change, note=change.note or self._owner(change))
            if change.outcome in NEEDS_YOU
            else change
            for change in changes
        )
        describe_files(console, noted, written=self.written)
        if self.written and self.rendering.message:
            console.line()
            console.line(self.rendering.message.strip())

    def _owner(self, change: FileChange) -> str:
        return f"from {self.shared[change.path]}" if change.path in self.shared else "yours"
