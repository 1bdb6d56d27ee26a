"""Result of `blueprint new`."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blueprint.patterns import Answers, Pattern
from blueprint.project import WritePlan
from blueprint.render import Rendering

from ..console import Console, pluralize
from ..outputs import ignored_state
from ..user_defaults import answer_lines, defaults_as_json

if TYPE_CHECKING:
    from blueprint.project.merge.difference import Difference


@dataclass(frozen=True)
class NewResult:
    """A project that was created, or would be in a dry run."""

    answers: Answers
    pattern: Pattern
    rendering: Rendering
    plan: WritePlan
    target: Path
    written: bool
    seen: bool = False
    """Whether the user saw the answers and the tree before they confirmed."""
    git: bool = False
    """Whether the project becomes a git repository."""
    committed: bool = False
    opening: str = ""
    """What the pattern told the user before the questions."""
    warnings: tuple[str, ...] = ()
    """What the user's file of defaults may have misspelled."""
    exposed: tuple[str, ...] = ()
    """Secret files that no .gitignore of the project keeps out of git."""
    ignored: tuple[str, ...] = ()
    """State files that git ignores."""
    missing: tuple[str, ...] = ()
    """What the project needs and this machine does not have."""
    shown: str | None = None
    """The file to print instead of the tree."""
    differences: "tuple[Difference, ...] | None" = None
    """What is printed instead of the tree: the differences from a folder that exists to the project."""

    def as_json(self) -> Mapping[str, Any]:
        """Return the pattern, the answers, every file, and the commands to run and test the project."""
        return {
            "project": self.answers.project,
            "package": self.answers.package,
            "path": str(self.target),
            "written": self.written,
            "git": self.git,
            "pattern": {"name": self.pattern.name, "version": self.pattern.version},
            "answers": dict(self.answers.remembered),
            "defaults": defaults_as_json(self.answers.user_defaults),
            "files": [
                {
                    "path": file.path,
                    "action": file.action,
                    "bytes": len(file.file.content),
                    "mode": f"{file.file.mode & ~0o022:04o}",
                    "secret": file.file.secret,
                }
                for file in self.plan.files
            ],
            "run": self.rendering.run,
            "test": self.rendering.test,
            "look": list(self.rendering.look),
            "opening_message": self.opening,
            "message": self.rendering.message,
            "warnings": [*self._warnings, *ignored_state(self.ignored)],
            "missing": list(self.missing),
            "content": self._content(self.shown) if self.shown else None,
            "differences": self._differences_as_json(),
        }

    def describe(self, console: Console) -> None:
        """Print a tree of the files, how to run and test the project, and where to look first."""
        if self.shown:
            text = self._content(self.shown)
            console.line(f"{self.shown} is not text, or secret" if text is None else text.removesuffix("\n"))
            return
        if self.differences is not None:
            from ..outputs import describe_differences

            describe_differences(console, self.differences)
            return
        if not self.seen:
            console.tree(str(self.target), [file.path for file in self.plan.files])
            console.line()
        verb = "Created" if self.written else "Would create"
        title = f"{self.pattern.title} {self.pattern.version}"
        console.line(f"{verb} {self.answers.project}: {title}, {pluralize(len(self.plan.files), 'file')}")
        # The answers stand last, right above the question whether to go on.
        for line in answer_lines(self.answers) if not self.seen else ():
            console.line(line)
        for warning in self._warnings if not self.seen else ():
            console.warning(warning)
        for warning in ignored_state(self.ignored):
            console.warning(warning)
        if self.written:
            self._describe_next(console)

    @property
    def _warnings(self) -> tuple[str, ...]:
        exposed = (
            f"{path} contains a secret, and no .gitignore of the pattern keeps it out of git; add it to one"
            for path in self.exposed
        )
        return (*self.warnings, *exposed)

    def _differences_as_json(self) -> list[Any] | None:
        if self.differences is None:
            return None
        from ..outputs import difference_as_json

        return [difference_as_json(each) for each in self.differences]

    def _content(self, path: str) -> str | None:
        """Return the text of a planned file; None for a secret one, or one that is not text."""
        file = next(each.file for each in self.plan.files if each.path == path)
        return None if file.secret else file.text

    def _describe_next(self, console: Console) -> None:
        if self.git:
            console.line("Made it a git repository" + (" with a first commit" if self.committed else ""))
            if not self.committed:
                console.line("git commit failed. Set user.name and user.email in git, then commit.")
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
