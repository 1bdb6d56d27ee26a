"""Templates of other tools as patterns: what they have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from blueprint.patterns import Answers, Origin, Pattern, Value
from blueprint.render import Rendering, Tree

from .texts import slug

Stage = Literal["before", "after"]
"""When a migration runs: before or after the new files of the template have been merged."""


@dataclass(frozen=True)
class Code:
    """Something that a template wants to run on the user's machine: what it is, and its text."""

    what: str
    text: str


class ForeignPattern(Pattern, frozen=True, kw_only=True):
    """A template of another tool. `scripts` is the code that it wants to run; `consented`, that it may.

    `migrations` is the code that it wants to run besides when a project is updated.
    """

    scripts: tuple[Code, ...] = ()
    migrations: tuple[Code, ...] = ()
    consented: bool = False

    def has_option(self, name: str, options: Mapping[str, Value]) -> bool:
        """Whether the question `name` is asked, given the answers before it."""
        interview = self.interview(self.name)
        for each in self.options:
            option = interview.option(each)
            if each == name:
                return option is not None
            if option is not None:
                interview.answer(each, options.get(each, option.default))
        return False

    def consent(self) -> "ForeignPattern":
        """This template with the right to run its code."""
        raise NotImplementedError

    def files(self, answers: Answers) -> Rendering:
        """What the tool itself makes of the template. Raises RenderError or HostilePatternError."""
        raise NotImplementedError

    def migrated(self, tree: Tree, answers: Answers, stage: Stage, before: Origin) -> Tree:
        """What the migrations of `stage` make of the files of a project that was made from `before`.

        Raises RenderError or HostilePatternError.
        """
        raise NotImplementedError


def described(folder: Path, origin: Origin, tool: str) -> dict[str, Any]:
    """What every pattern says of itself, for a template that does not."""
    from .versions import semantic_version

    where = PurePosixPath(origin.location.rstrip("/").replace(":", "/")).name or folder.resolve().name
    name = where.removesuffix(".git").removesuffix(".zip")
    if name in ("", ".", ".."):
        name = folder.resolve().name
    if origin.subfolder:
        name = PurePosixPath(origin.subfolder).name
    return {
        "format": 1,
        "name": slug(name),
        "title": name,
        "summary": f"{tool} template",
        "version": semantic_version(origin),
        "layers": [],
        "run": "",
        "test": "",
        "folder": folder,
        "origin": origin,
    }
