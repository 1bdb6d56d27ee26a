"""Result of `blueprint update`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from blueprint.errors import ExitStatus
from blueprint.patterns import Pattern, Value
from blueprint.project.load import Project
from blueprint.project.merge.outcome import INTENTION, MEANING, NEEDS_YOU, FileChange, FileOutcome

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
            "written": self.written,
            "resumed": self.resumed,
            "uncommitted_changes": self.dirty,
            "pattern": {"name": self.project.pattern, "from": self.project.version, "to": self._version},
            "answers": dict(self.answers),
            "dropped_options": self._dropped,
            "new_options": self._new,
            "rejected_answers": [*self.rejected],
            "needs_you": sum(change.outcome in NEEDS_YOU for change in self.changes),
            "files": [
                {"path": change.path, "outcome": change.outcome, "was": change.was, "note": change.note}
                for change in self.changes
            ],
        }

    def describe(self, console: Console) -> None:
        """Print the changed versions and answers, then the files by outcome; those to decide on come last."""
        if self.resumed:
            console.line("Finished an earlier update that had been interrupted.")
        verb = "Updated" if self.written else "Would update"
        changed = [change for change in self.changes if change.outcome is not FileOutcome.UNCHANGED]
        if not changed and not self._answers_changed and self._version == self.project.version:
            console.line(f"{self.project.name} is up to date: {self.project.pattern} {self._version}")
            return
        versions = " to ".join(dict.fromkeys((self.project.version, self._version)))
        console.line(f"{verb} {self.project.name}: {self.project.pattern} {versions}")
        self._describe_answers(console)
        meaning = MEANING if self.written else INTENTION
        for outcome in FileOutcome:
            _describe_files(console, outcome, meaning[outcome], self.changes)
        if self.dirty and not self.written:
            console.line("The project has uncommitted changes: `git diff` would show them with the update.")

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


def _describe_files(
    console: Console, outcome: FileOutcome, meaning: str, changes: Iterable[FileChange]
) -> None:
    files = [change for change in changes if change.outcome is outcome]
    if outcome is FileOutcome.UNCHANGED or not files:
        return
    console.line()
    console.line(f"{meaning[:1].upper()}{meaning[1:]}:")
    for change in files:
        was = f" (was {change.was})" if change.was else ""
        note = f" ({change.note})" if change.note else ""
        console.line(f"  {change.path}{was}{note}")
