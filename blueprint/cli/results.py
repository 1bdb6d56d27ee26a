"""What the commands give back: complete for programs, short for people."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from blueprint.patterns import Answers, Pattern, expected, explain
from blueprint.project import Plan
from blueprint.render import Rendering
from blueprint.sources import code_of
from blueprint.sources.catalogue import BUILT_IN as OWN
from blueprint.sources.shelf import Entry

from .console import Console, shown


@dataclass(frozen=True)
class Made:
    """A project that was made, or would be."""

    answers: Answers
    pattern: Pattern
    rendering: Rendering
    plan: Plan
    target: Path
    written: bool
    seen: bool = False
    """Whether the user has been shown it all before it was written."""

    def as_json(self) -> Mapping[str, Any]:
        """Everything there is to know about the project and its files."""
        return {
            "project": self.answers.project,
            "package": self.answers.package,
            "path": str(self.target),
            "written": self.written,
            "pattern": {"name": self.pattern.name, "version": self.pattern.version},
            "answers": dict(self.answers.remembered),
            "files": [
                {
                    "path": step.path,
                    "action": step.action,
                    "bytes": len(step.file.content),
                    "secret": step.file.secret,
                }
                for step in self.plan.steps
            ],
            "run": self.rendering.run,
            "test": self.rendering.test,
            "look": list(self.rendering.look),
            "message": self.rendering.message,
        }

    def describe(self, console: Console) -> None:
        """A tree of what was made, how to run and test it, and where to look first."""
        verb = "Made" if self.written else "This would make"
        title = f"{self.pattern.title} {self.pattern.version}"
        console.line(f"{verb} {self.answers.project}: {title}, {len(self.plan.steps)} files")
        if not self.seen:
            for name, value in self.answers.remembered.items():
                console.line(f"  {name}: {shown(value)}")
            console.tree(str(self.target), [step.path for step in self.plan.steps])
        if self.written:
            self._describe_next(console)

    def _describe_next(self, console: Console) -> None:
        console.line()
        console.line(f"  cd {shlex.quote(os.path.relpath(self.target))}")
        for command, why in ((self.rendering.run, "run it"), (self.rendering.test, "test it")):
            if command:
                console.line(f"  {command:<16} # {why}")
        if self.rendering.look:
            console.line(f"Look first at {', '.join(self.rendering.look)}")
        if self.rendering.message:
            console.line()
            console.line(self.rendering.message.strip())


@dataclass(frozen=True)
class PatternList:
    """The patterns there are, or those that were added or removed (`done`)."""

    patterns: tuple[Entry, ...]
    done: str = ""

    def as_json(self) -> Mapping[str, Any]:
        """Name, title, summary, version, kind and source of each."""
        return {"patterns": msgspec.to_builtins(self.patterns)}

    def describe(self, console: Console) -> None:
        """One line each, and where it is from if it is not blueprint's own."""
        for pattern in self.patterns:
            source = "" if pattern.source == OWN else f"  ({pattern.source})"
            console.line(f"{self.done}{pattern.name:<16} {pattern.version:<8} {pattern.summary}{source}")


@dataclass(frozen=True)
class PatternDetails:
    """One pattern."""

    pattern: Pattern

    def as_json(self) -> Mapping[str, Any]:
        """What it says of itself, where it is from, and what code it wants to run."""
        content = {name: getattr(self.pattern, name) for name in _SAID}
        shown = {**content, "origin": self.pattern.origin, "code": code_of(self.pattern)}
        return {name: msgspec.to_builtins(value) for name, value in shown.items()}

    def describe(self, console: Console) -> None:
        """Its options, with what they mean, and its code."""
        console.line(f"{self.pattern.title} ({self.pattern.name} {self.pattern.version})")
        console.line(self.pattern.summary)
        self._describe_origin(console)
        for name, option in self.pattern.options.items():
            console.line()
            default = "has to be answered" if option.required else shown(option.default)
            console.line(f"{name}: {expected(option)}  [{default}]")
            console.line(f"  {option.question}")
            for line in explain(option):
                console.line(f"  {line}")
            if option.when:
                console.line(f"  (only when {option.when})")
        for script in code_of(self.pattern):
            console.line()
            console.code(f"wants to run: {script.what}", script.text)

    def _describe_origin(self, console: Console) -> None:
        origin = self.pattern.origin
        if origin.location:
            below = f"#{origin.subfolder}" if origin.subfolder else ""
            commit = f", commit {origin.commit}" if origin.commit else ""
            console.line(f"From {origin.location}{below}{commit} ({origin.kind})")
        if code_of(self.pattern):
            console.line(f"It wants to run code, shown at the end. Its digest: {origin.digest}")


_SAID = (
    "format",
    "name",
    "title",
    "summary",
    "version",
    "options",
    "run",
    "test",
    "look",
    "smoke",
    "recommend",
)
