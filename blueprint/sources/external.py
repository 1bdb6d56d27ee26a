"""Base for templates of other tools, and the code of their extensions."""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from blueprint.errors import PatternError
from blueprint.patterns import Origin, Value

from .modules import TemplateModules
from .sanitize import error_text, printable, slug
from .scripted import Script, ScriptedPattern
from .snapshot import Snapshot


class ExternalPattern(ScriptedPattern, frozen=True, kw_only=True):
    """A template of another tool as a pattern.

    The options of a `partial` template are known only in part, because its own code has to evaluate them. All
    files are read from the `snapshot`.
    """

    partial: bool = False
    snapshot: Snapshot

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

    def with_answers_file(self, path: str) -> "ExternalPattern":
        """Return the template so that it writes its answers file to `path`, if it has one."""
        del path
        return self

    def opening_message(self, project: str, *, updating: bool) -> str:
        """Return what the template tells the user before the questions."""
        return ""


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


def unusable_template(origin: Origin, tool: str, error: BaseException) -> PatternError:
    """Return the error for a template that `tool` cannot load; a missing module is the user's to install."""
    hint = "Correct the template, or tell its author."
    missing = next((each.name for each in _causes(error) if isinstance(each, ModuleNotFoundError)), None)
    if missing:
        hint = f"Install the package with the module {missing} where blueprint is installed."
    # The folder may be a copy, which is deleted by then.
    place = f"{origin.location}#{origin.subfolder}" if origin.subfolder else origin.location
    return PatternError(f"the {tool} template {place} cannot be used: {error_text(error)}", hint=hint)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, its cause, the cause of that, and so on."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


SAFE_EXTENSIONS = frozenset({"jinja2.ext.do", "jinja2.ext.loopcontrols", "jinja2.ext.i18n"})
"""Extensions that are part of Jinja and contain no code of the template's author."""


def extension_scripts(
    extensions: Mapping[str, str], modules: TemplateModules, folder: Path
) -> Iterator[Script]:
    """Describe extensions, given by name with their modules, and the other modules that they import.

    A module of the template is shown by its text, an installed one by its name.
    """
    remaining = dict(modules.modules)
    for name, module_name in extensions.items():
        module = remaining.pop(module_name, modules.modules.get(module_name))
        text = module.text if module else name
        yield Script(f"Jinja extension {printable(name)}", printable(text))
    for module in remaining.values():
        if module.text:
            path = module.path.relative_to(folder).as_posix()
            yield Script(f"module {printable(path)}, which an extension can import", printable(module.text))
