"""Code that runs while the texts of a Copier template are rendered: extensions and some filters."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from copier._template import Template
from jinja2 import Environment, TemplateSyntaxError
from jinja2.lexer import TOKEN_NAME, TOKEN_STRING

from blueprint.errors import HostilePatternError, PatternError

from ..external import SAFE_EXTENSIONS, extension_scripts
from ..modules import TemplateModule, TemplateModules
from ..program_text import program_text
from ..sanitize import one_line, printable
from ..scripted import Script

MACHINE_FILTERS: Mapping[str, str] = MappingProxyType(
    {
        "expanduser": "home folders",
        "expandvars": "environment variables",
        "fileglob": "names of files",
        "realpath": "names of files and the working folder",
        "relpath": "the working folder",
    }
)
"""Copier's filters that put something of the user's machine into a project, and what they read."""

_LOADERS = frozenset(
    f"{package}.TemplateExtensionLoader"
    for package in ("copier_template_extensions", "copier_templates_extensions")
)
"""The extension that loads others from files of the template; blueprint does that itself."""

_LEXER_SETTINGS = frozenset(
    f"{kind}_{edge}_string" for kind in ("block", "variable", "comment") for edge in ("start", "end")
) | {"line_statement_prefix", "line_comment_prefix"}


@dataclass(frozen=True)
class RenderCode:
    """The code that may run while texts are rendered.

    `extensions` are the names that Jinja imports by the names that the template gives them, `filters` the
    filters of the machine with the lines that use them, and `modules` what the extensions can import.
    """

    extensions: Mapping[str, str] = field(default_factory=dict)
    filters: Mapping[str, str] = field(default_factory=dict)
    modules: TemplateModules = field(default_factory=TemplateModules)
    trusted: bool = False

    def scripts(self, folder: Path) -> Iterator[Script]:
        """Describe the code for the user."""
        names = {name: path.rpartition(".")[0] for name, path in self.extensions.items()}
        yield from extension_scripts(names, self.modules, folder)
        for name, lines in self.filters.items():
            yield Script(f"filter {name}, which reads {MACHINE_FILTERS[name]}", lines)

    def limit_filters(self, environment: Environment) -> None:
        """Disable the filters of the machine, unless the user has seen and trusted that they are used."""
        for name in MACHINE_FILTERS:
            if not self.trusted or name not in self.filters:
                environment.filters[name] = _disabled(name)


def render_code(template: Template, *, trusted: bool) -> RenderCode:
    """Return the code in `template`. Raises PatternError if an extension is not a file of the template."""
    folder = template.local_abspath
    extensions: dict[str, str] = {}
    modules: dict[str, TemplateModule] = {}
    for name in map(str, template.jinja_extensions):
        if name in SAFE_EXTENSIONS or name in _LOADERS:
            continue
        path, colon, class_name = name.partition(":")
        if not colon:
            extensions[name] = name
            continue
        module = f"template_extension_{len(modules)}"
        modules[module] = TemplateModule(folder / path, program_text(_inside(folder, path)))
        extensions[name] = f"{module}.{class_name}"
    return RenderCode(extensions, _machine_filters(template), TemplateModules(modules), trusted)


def _inside(folder: Path, path: str) -> Path:
    file = folder / path
    if not file.resolve().is_relative_to(folder) or not file.is_file():
        raise PatternError(f"the Jinja extension {one_line(path)} is not a file of the template")
    return file


def _machine_filters(template: Template) -> Mapping[str, str]:
    """Find the filters of the machine in all texts of `template`, with the lines that use them."""
    settings = {name: value for name, value in template.envops.items() if name in _LEXER_SETTINGS}
    environment = Environment(**settings)  # noqa: S701 - renders nothing
    found: dict[str, list[str]] = {}
    for name, text in _texts(template.local_abspath):
        for number, filter_name in sorted(set(_used(environment, text))):
            line = printable(text.split("\n")[number - 1].strip())
            found.setdefault(filter_name, []).append(f"{printable(name)}, line {number}: {line}")
    return {name: "\n".join(found[name]) for name in MACHINE_FILTERS if name in found}


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield all texts that may use a filter of the machine: paths, and files of any name."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        yield name, path.name
        content = path.read_bytes() if path.is_file() else b""
        if any(each.encode() in content for each in MACHINE_FILTERS):
            yield name, content.decode(errors="replace")


def _used(environment: Environment, text: str) -> Iterable[tuple[int, str]]:
    """Yield line and name of each filter of the machine that Jinja would see in `text`."""
    try:
        for number, kind, value in environment.lex(text):
            if kind in (TOKEN_NAME, TOKEN_STRING) and value.strip("'\"") in MACHINE_FILTERS:
                yield number, value.strip("'\"")
    except TemplateSyntaxError as error:
        yield from ((error.lineno, name) for name in MACHINE_FILTERS if name in text)


def _disabled(name: str) -> object:
    def refuse(*_arguments: object, **_keywords: object) -> str:
        raise HostilePatternError(f"the filter {name} reads {MACHINE_FILTERS[name]}, which takes your trust")

    return refuse
