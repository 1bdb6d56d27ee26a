"""Result of `blueprint update`."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import TypedDict

from blueprint.errors import ExitStatus
from blueprint.patterns import Pattern, Value
from blueprint.project.changelog import ChangelogEntry
from blueprint.project.load import Project
from blueprint.project.merge.outcome import NEEDS_YOU, FileChange, FileOutcome
from blueprint.project.state import MAIN
from blueprint.sources.programs import Brief

from ..console import Console, format_value
from ..outputs import AnswersOutput
from .files import EntryOutput, FileOutput, changelog_as_json, describe_files, files_as_json, needs_you

VersionsOutput = TypedDict("VersionsOutput", {"name": str, "from": str, "to": str})
"""Name of a pattern, and its versions before and after an update."""


class BriefOutput(TypedDict):
    """What is left for a person or an agent for a version of a pattern: the updated or an included one."""

    pattern: str
    version: str
    text: str


class UpdateOutput(TypedDict):
    """An update of one template. `changelog` has the entries of the pattern between the two versions.

    `opening_message` and `message` are what the pattern tells the user before and after an update. `briefs`
    say what is left to do for a version; see the migrations of a pattern.
    """

    project: str
    path: str
    template: str
    written: bool
    resumed: bool
    uncommitted_changes: bool
    pattern: VersionsOutput
    changelog: list[EntryOutput]
    answers: AnswersOutput
    dropped_options: list[str]
    new_options: list[str]
    rejected_answers: list[str]
    needs_you: int
    files: list[FileOutput]
    opening_message: str
    message: str
    briefs: list[BriefOutput]


class UpdatesOutput(TypedDict):
    """Updates of several templates. Those `waiting` write a file that an earlier one left in conflict."""

    project: str
    path: str
    written: bool
    needs_you: int
    templates: list[UpdateOutput]
    waiting: list[str]


@dataclass(frozen=True)
class UpdateResult:
    """An update that was applied, or would be in a dry run.

    If the command only finished an interrupted update, it has no `pattern` and no `answers`. `rejected` are
    the earlier answers that the pattern no longer accepts, each with a description of what it accepts.
    """

    project: Project
    pattern: Pattern | None
    answers: Mapping[str, Value]
    changes: tuple[FileChange, ...]
    written: bool
    resumed: bool = False
    dirty: bool = False
    rejected: Mapping[str, str] = field(default_factory=dict)
    now_secret: Sequence[str] = ()
    """Earlier answers that are secret now, and so no longer stored."""
    changelog: Sequence[ChangelogEntry] = ()
    test: str = ""
    """Command that tests the project, or empty."""
    opening: str = ""
    message: str = ""
    """What the pattern tells the user before and after an update."""
    briefs: Sequence[Brief] = ()

    @property
    def status(self) -> ExitStatus:
        """OK, or CONFLICTS if a file needs a decision."""
        return ExitStatus.CONFLICTS if needs_you(self.changes) else ExitStatus.OK

    @property
    def pattern_name(self) -> str:
        """The name of the pattern after the update."""
        return self.pattern.name if self.pattern else self.project.pattern

    @property
    def version(self) -> str:
        """The version of the pattern after the update."""
        return self.pattern.version if self.pattern else self.project.version

    @property
    def conflicts(self) -> list[str]:
        """The files that need a decision."""
        return [change.path for change in self.changes if change.outcome in NEEDS_YOU]

    @property
    def due(self) -> bool:
        """Whether an update is due. The secret files that a fresh clone lacks do not make it so."""
        clone = not self.project.complete
        missing = {change.path for change in self.changes if clone and change.untracked}
        return not self._is_current(missing)

    @property
    def current(self) -> bool:
        """Whether the project already has the version and the answers, and no file changes."""
        return self._is_current(set())

    def as_json(self) -> UpdateOutput:
        """Return the versions, the answers, and every file with its outcome."""
        return {
            "project": self.project.name,
            "path": str(self.project.folder),
            "template": self.project.template,
            "written": self.written,
            "resumed": self.resumed,
            "uncommitted_changes": self.dirty,
            "pattern": {"name": self.pattern_name, "from": self.project.version, "to": self.version},
            "changelog": changelog_as_json(self.changelog),
            "answers": dict(self.answers),
            "dropped_options": self._dropped,
            "new_options": self._new,
            "rejected_answers": [*self.rejected],
            "needs_you": needs_you(self.changes),
            "files": files_as_json(self.changes, self.changelog, self.test),
            "opening_message": self.opening,
            "message": "" if self.current else self.message,
            "briefs": [
                {"pattern": brief.pattern, "version": brief.version, "text": brief.text}
                for brief in self.briefs
            ],
        }

    def describe(self, console: Console) -> None:
        """Print the changed versions and answers, then the files by outcome; those to decide on come last."""
        if self.resumed:
            console.line("Finished an earlier update that had been interrupted.")
        verb = "Updated" if self.written else "Would update"
        if self.current:
            console.line(f"{self._subject} is up to date: {self.pattern_name} {self.version}")
            return
        versions = " to ".join(dict.fromkeys((self.project.version, self.version)))
        console.line(f"{verb} {self._subject}: {self.pattern_name} {versions}")
        self._describe_answers(console)
        describe_files(console, self.changes, written=self.written)
        if self.dirty and not self.written:
            console.line("The project has uncommitted changes: `git diff` would show them with the update.")
        for brief in self.briefs:
            console.line()
            console.line(f"To do for {brief.pattern} {brief.version}:")
            console.line()
            console.line(brief.text)
        if self.message and self.written:
            console.line()
            console.line(self.message)

    @property
    def _subject(self) -> str:
        further = self.project.template != MAIN
        return f"{self.project.name} ({self.project.template})" if further else self.project.name

    def _is_current(self, ignored: Set[str]) -> bool:
        """Whether nothing changes but the files at the `ignored` paths, and no brief is left to do."""
        unchanged = all(
            change.outcome is FileOutcome.UNCHANGED or change.path in ignored for change in self.changes
        )
        same = not self._answers_changed and self.version == self.project.version
        return unchanged and same and not self.briefs

    @property
    def _answers_changed(self) -> bool:
        return self.pattern is not None and dict(self.answers) != dict(self.project.options)

    @property
    def _dropped(self) -> list[str]:
        known = {*self.answers, *self.now_secret}
        return [name for name in self.project.options if name not in known] if self.pattern else []

    @property
    def _new(self) -> list[str]:
        return [name for name in self.answers if name not in self.project.options]

    def _describe_answers(self, console: Console) -> None:
        for name, value in self.answers.items():
            before = self.project.options.get(name)
            if before is None:
                console.line(f"  {name}: {format_value(value)} (new)")
            elif before != value:
                console.line(
                    f"  {name}: {format_value(value) or 'none'} (was {format_value(before) or 'none'})"
                )
        for name in self.now_secret:
            console.line(f"  {name}: now secret, so no longer stored")
        for name, accepted in self.rejected.items():
            console.line(
                f"  {name} no longer accepts {format_value(self.project.options[name])}, so it is now "
                f"{format_value(self.answers[name]) or 'none'}. "
                f"To choose: --set {name}=VALUE, with {accepted}"
            )
        for name in self._dropped:
            console.line(f"  {name}: no longer exists (was {format_value(self.project.options[name])})")


@dataclass(frozen=True)
class UpdatesResult:
    """Updates of one or several templates of a project.

    The templates `waiting` were not updated, because an earlier update left conflicts in a file of theirs.
    """

    updates: tuple[UpdateResult, ...]
    waiting: tuple[str, ...] = ()

    @property
    def status(self) -> ExitStatus:
        """OK, or CONFLICTS if a file of any update needs a decision."""
        return max(update.status for update in self.updates)

    def as_json(self) -> UpdateOutput | UpdatesOutput:
        """Return the update, or with several templates a list of their updates."""
        first, *more = (update.as_json() for update in self.updates)
        if not more and not self.waiting:
            return first
        updates = [first, *more]
        return {
            "project": first["project"],
            "path": first["path"],
            "written": any(update["written"] for update in updates),
            "needs_you": sum(update["needs_you"] for update in updates),
            "templates": updates,
            "waiting": [*self.waiting],
        }

    def describe(self, console: Console) -> None:
        """Print each update, and which templates have to wait."""
        for number, update in enumerate(self.updates):
            if number:
                console.line()
            update.describe(console)
        for name in self.waiting:
            console.line()
            console.line(
                f"The template {name} was not updated, because it writes a file that is in conflict. "
                "Resolve the conflicts, then run the command again."
            )
