"""Result of `blueprint update`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from blueprint.errors import ExitStatus
from blueprint.patterns import Pattern, Value
from blueprint.project.load import Project
from blueprint.project.merge.outcome import INTENTION, MEANING, NEEDS_YOU, FileChange, FileOutcome
from blueprint.project.state import MAIN

from ..console import Console, format_value


def needs_you(changes: Iterable[FileChange]) -> bool:
    """Whether a file needs a decision from the user."""
    return any(change.outcome in NEEDS_YOU for change in changes)


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

    @property
    def status(self) -> ExitStatus:
        """OK, or CONFLICTS if a file needs a decision."""
        return ExitStatus.CONFLICTS if needs_you(self.changes) else ExitStatus.OK

    def as_json(self) -> Mapping[str, Any]:
        """Return the versions, the answers, and every file with its outcome."""
        return {
            "project": self.project.name,
            "path": str(self.project.folder),
            "template": self.project.template,
            "written": self.written,
            "resumed": self.resumed,
            "uncommitted_changes": self.dirty,
            "pattern": {"name": self.project.pattern, "from": self.project.version, "to": self._version},
            "answers": dict(self.answers),
            "dropped_options": self._dropped,
            "new_options": self._new,
            "rejected_answers": [*self.rejected],
            **files_as_json(self.changes),
        }

    def describe(self, console: Console) -> None:
        """Print the changed versions and answers, then the files by outcome; those to decide on come last."""
        if self.resumed:
            console.line("Finished an earlier update that had been interrupted.")
        verb = "Updated" if self.written else "Would update"
        changed = [change for change in self.changes if change.outcome is not FileOutcome.UNCHANGED]
        if not changed and not self._answers_changed and self._version == self.project.version:
            console.line(f"{self._subject} is up to date: {self.project.pattern} {self._version}")
            return
        versions = " to ".join(dict.fromkeys((self.project.version, self._version)))
        console.line(f"{verb} {self._subject}: {self.project.pattern} {versions}")
        self._describe_answers(console)
        describe_files(console, self.changes, written=self.written)
        if self.dirty and not self.written:
            console.line("The project has uncommitted changes: `git diff` would show them with the update.")

    @property
    def _subject(self) -> str:
        further = self.project.template != MAIN
        return f"{self.project.name} ({self.project.template})" if further else self.project.name

    @property
    def _version(self) -> str:
        return self.pattern.version if self.pattern else self.project.version

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

    def as_json(self) -> Mapping[str, Any]:
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


def files_as_json(changes: Iterable[FileChange]) -> Mapping[str, Any]:
    """Return every file with its outcome, and how many need a decision."""
    files = [
        {"path": change.path, "outcome": change.outcome, "was": change.was, "note": change.note}
        for change in changes
    ]
    return {"needs_you": sum(file["outcome"] in NEEDS_YOU for file in files), "files": files}


def describe_files(console: Console, changes: Iterable[FileChange], *, written: bool) -> None:
    """Print the files by outcome; those that need a decision come last."""
    listed: dict[FileOutcome, list[FileChange]] = {outcome: [] for outcome in FileOutcome}
    for change in changes:
        listed[change.outcome].append(change)
    del listed[FileOutcome.UNCHANGED]
    for outcome, files in listed.items():
        if not files:
            continue
        meaning = (MEANING if written else INTENTION)[outcome]
        console.line()
        console.line(f"{meaning[:1].upper()}{meaning[1:]}:")
        for change in files:
            was = f" (was {change.was})" if change.was else ""
            note = f" ({change.note})" if change.note else ""
            console.line(f"  {change.path}{was}{note}")
