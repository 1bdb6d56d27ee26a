"""Templates of other tools as patterns: what they have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from blueprint.patterns import Answers, Origin, Pattern, Value
from blueprint.render import Rendering, Tree

from .sanitize import printable, slug

MigrationStage = Literal["before", "after"]
"""When a migration runs: before or after the new files of the template have been merged."""


@dataclass(frozen=True)
class Script:
    """Something that a template wants to run on the user's machine: what it is, and its text."""

    what: str
    text: str


class ExternalPattern(Pattern, frozen=True, kw_only=True):
    """A template of another tool. `scripts` is the code that it wants to run; `trusted`, that it may.

    `migrations` is the code that it wants to run besides when a project is updated.
    """

    scripts: tuple[Script, ...] = ()
    migrations: tuple[Script, ...] = ()
    trusted: bool = False

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

    def as_trusted(self) -> "ExternalPattern":
        """This template with the right to run its code."""
        raise NotImplementedError

    def render(self, answers: Answers) -> Rendering:
        """What the tool itself makes of the template. Raises RenderError or HostilePatternError."""
        raise NotImplementedError

    def apply_migrations(self, tree: Tree, answers: Answers, stage: MigrationStage, before: Origin) -> Tree:
        """What the migrations of `stage` make of the files of a project that was made from `before`.

        Raises RenderError or HostilePatternError.
        """
        raise NotImplementedError


def template_metadata(folder: Path, origin: Origin, tool: str) -> dict[str, Any]:
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


SAFE_EXTENSIONS = frozenset({"jinja2.ext.do", "jinja2.ext.loopcontrols", "jinja2.ext.i18n"})
"""Jinja's own extensions: no code of the template's author is in them."""


def extension_script(name: str, folder: Path) -> Script:
    """An extension for people to read: its text where it comes with the template, or else only its name.

    `name` is `module.Class`, or `path/module.py:Class` as copier-template-extensions has it.
    """
    path, colon, _ = name.partition(":")
    module = path if colon else name.rpartition(".")[0].replace(".", "/")
    places = [folder / module] if colon else [folder / f"{module}.py", folder / module / "__init__.py"]
    text = next((place.read_text("utf-8", errors="replace") for place in places if place.is_file()), "")
    return Script(f"Jinja extension {printable(name)}", printable(text or name))
