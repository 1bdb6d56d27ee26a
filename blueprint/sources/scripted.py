"""Base for patterns that run code on the user's machine, which takes trust."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from blueprint.patterns import Answers, Origin, Pattern
from blueprint.render import Rendering, Tree

MigrationStage = Literal["before", "after"]
"""When a migration runs: before or after the new files of the template are merged."""


@dataclass(frozen=True)
class Script:
    """Code that a template runs on the user's machine: what kind of code it is, and its text."""

    what: str
    text: str


class PreviousVersion(NamedTuple):
    """The version of a pattern that a project was made from, and where it came from.

    `included` are the versions of the patterns that it included then, by their names.
    """

    origin: Origin
    version: str
    included: Mapping[str, str]


class ScriptedPattern(Pattern, frozen=True, kw_only=True):
    """A pattern with code.

    `scripts` is the code that it runs while it renders, and `migration_scripts` the code that it runs in
    addition when a project is updated. Both run only if it is `trusted`.
    """

    scripts: tuple[Script, ...] = ()
    migration_scripts: tuple[Script, ...] = ()
    trusted: bool = False

    def as_trusted(self) -> "ScriptedPattern":
        """Return the pattern with permission to run its code."""
        raise NotImplementedError

    def render(self, answers: Answers) -> Rendering:
        """Render the pattern. Raises RenderError or HostilePatternError."""
        raise NotImplementedError

    def apply_migrations(
        self, tree: Tree, answers: Answers, stage: MigrationStage, before: PreviousVersion
    ) -> Tree:
        """Run the migrations of `stage` on the files of a project made from `before`; return the files.

        Raises RenderError or HostilePatternError.
        """
        raise NotImplementedError
