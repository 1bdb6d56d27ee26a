"""Base for templates of other tools, and the code that such templates run."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from blueprint.patterns import Answers, Origin, Pattern, Value
from blueprint.render import Rendering, Tree

from .sanitize import printable, slug

MigrationStage = Literal["before", "after"]
"""When a migration runs: before or after the new files of the template are merged."""


@dataclass(frozen=True)
class Script:
    """Code that a template runs on the user's machine: what kind of code it is, and its text."""

    what: str
    text: str


class ExternalPattern(Pattern, frozen=True, kw_only=True):
    """A template of another tool as a pattern.

    `scripts` is the code that it runs while it renders, and `migrations` the code that it runs in addition
    when a project is updated. Both run only if it is `trusted`.
    """

    scripts: tuple[Script, ...] = ()
    migrations: tuple[Script, ...] = ()
    trusted: bool = False

    def has_option(self, name: str, options: Mapping[str, Value]) -> bool:
        """Return whether the question `name` is asked, given the earlier answers."""
        interview = self.interview(self.name)
        for each in self.options:
            option = interview.option(each)
            if each == name:
                return option is not None
            if option is not None:
                interview.answer(each, options.get(each, option.default))
        return False

    def as_trusted(self) -> "ExternalPattern":
        """Return the template with permission to run its code."""
        raise NotImplementedError

    def render(self, answers: Answers) -> Rendering:
        """Render the template with its tool. Raises RenderError or HostilePatternError."""
        raise NotImplementedError

    def apply_migrations(self, tree: Tree, answers: Answers, stage: MigrationStage, before: Origin) -> Tree:
        """Run the migrations of `stage` on the files of a project made from `before`; return the files.

        Raises RenderError or HostilePatternError.
        """
        raise NotImplementedError


def template_metadata(folder: Path, origin: Origin, tool: str) -> dict[str, Any]:
    """Derive a template's metadata, such as its name and version, from its origin."""
    from .versions import semantic_version

    last_part = PurePosixPath(origin.location.rstrip("/").replace(":", "/")).name or folder.resolve().name
    name = last_part.removesuffix(".git").removesuffix(".zip")
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
"""Extensions that are part of Jinja and contain no code of the template's author."""


def extension_script(name: str, folder: Path) -> Script:
    """Describe an extension: by its source text if it is part of the template, otherwise by its name.

    `name` is `module.Class`, or `path/module.py:Class` in the notation of copier-template-extensions.
    """
    path, colon, _ = name.partition(":")
    module = path if colon else name.rpartition(".")[0].replace(".", "/")
    places = [folder / module] if colon else [folder / f"{module}.py", folder / module / "__init__.py"]
    text = next((place.read_text("utf-8", errors="replace") for place in places if place.is_file()), "")
    return Script(f"Jinja extension {printable(name)}", printable(text or name))
