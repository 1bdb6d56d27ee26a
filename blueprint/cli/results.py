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
            "answers": dict(self.answers.options),
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
        }

    def describe(self, console: Console) -> None:
        """A tree of what was made, how to run and test it, and where to look first."""
        verb = "Made" if self.written else "This would make"
        title = f"{self.pattern.title} {self.pattern.version}"
        console.line(f"{verb} {self.answers.project}: {title}, {len(self.plan.steps)} files")
        if not self.seen:
            for name, value in self.answers.options.items():
                console.line(f"  {name}: {shown(value)}")
            console.tree(str(self.target), [step.path for step in self.plan.steps])
        if self.written:
            self._describe_next(console)

    def _describe_next(self, console: Console) -> None:
        console.line()
        console.line(f"  cd {shlex.quote(os.path.relpath(self.target))}")
        console.line(f"  {self.rendering.run:<16} # run it")
        console.line(f"  {self.rendering.test:<16} # test it")
        if self.rendering.look:
            console.line(f"Look first at {', '.join(self.rendering.look)}")


@dataclass(frozen=True)
class PatternList:
    """The patterns there are."""

    patterns: tuple[Pattern, ...]

    def as_json(self) -> Mapping[str, Any]:
        """Name, title, summary and version of each."""
        fields = ("name", "title", "summary", "version")
        return {
            "patterns": [{field: getattr(pattern, field) for field in fields} for pattern in self.patterns]
        }

    def describe(self, console: Console) -> None:
        """One line each."""
        for pattern in self.patterns:
            console.line(f"{pattern.name:<16} {pattern.version:<8} {pattern.summary}")


@dataclass(frozen=True)
class PatternDetails:
    """One pattern."""

    pattern: Pattern

    def as_json(self) -> Mapping[str, Any]:
        """What its pattern.yaml says, without what only the engine needs."""
        content = msgspec.to_builtins(self.pattern, enc_hook=str)
        return {
            name: value
            for name, value in content.items()
            if name not in {"folder", "root", "layers", "values"}
        }

    def describe(self, console: Console) -> None:
        """Its options, with what they mean."""
        console.line(f"{self.pattern.title} ({self.pattern.name} {self.pattern.version})")
        console.line(self.pattern.summary)
        for name, option in self.pattern.options.items():
            console.line()
            console.line(f"{name}: {expected(option)}  [{shown(option.default)}]")
            for line in explain(option):
                console.line(f"  {line}")
            if option.when:
                console.line(f"  (only when {option.when})")
