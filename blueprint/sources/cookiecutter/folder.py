"""Read the folder of a Cookiecutter template: its variables, nested templates and hooks."""

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cookiecutter.hooks import valid_hook

from blueprint.documents import DocumentError, read_json
from blueprint.errors import HostilePatternError, PatternError

from ..external import SAFE_EXTENSIONS, extension_scripts
from ..modules import TemplateModules, modules_of
from ..program_text import program_text
from ..sanitize import one_line, printable
from ..scripted import Script

COOKIECUTTER_FILE = "cookiecutter.json"

_HOOKS = ("pre_gen_project", "post_gen_project")


@dataclass(frozen=True)
class NestedTemplate:
    """One of several templates to choose from."""

    label: str
    template: "TemplateFolder"


@dataclass(frozen=True)
class TemplateFolder:
    """A Cookiecutter template.

    `variables` is the content of its cookiecutter.json without `__prompts__`, which are in `prompts`.
    `modules` are the modules that its extensions can import.
    """

    folder: Path
    variables: Mapping[str, Any]
    prompts: Mapping[str, Any] = field(default_factory=dict)
    nested: Mapping[str, NestedTemplate] = field(default_factory=dict)
    modules: TemplateModules = field(default_factory=TemplateModules)

    @property
    def extensions(self) -> list[str]:
        """The Jinja extensions that the template loads, except those that are part of Jinja."""
        return _extensions(self.variables)

    def scripts(self) -> Iterator[Script]:
        """Yield all code that the template runs: extensions and hooks, also of nested templates."""
        modules = {name: _module_name(name) for name in self.extensions}
        yield from extension_scripts(modules, self.modules, self.folder)
        for hook in self.hooks():
            yield Script(f"hook {one_line(hook.name)}", printable(program_text(hook)))
        for nested in self.nested.values():
            yield from nested.template.scripts()

    def hooks(self) -> list[Path]:
        """Return the hooks in the order in which they run."""
        hooks = self.folder / "hooks"
        files = sorted(hooks.iterdir()) if hooks.is_dir() else []
        return [path for hook in _HOOKS for path in files if valid_hook(path.name, hook)]

    def running(self, *, trusted: bool) -> AbstractContextManager[None]:
        """Allow a trusted template to import its extensions in the block."""
        return self.modules.importable() if trusted else nullcontext()


def read_folder(folder: Path, root: Path, *, nested: bool = False) -> TemplateFolder:
    """Read the template in `folder`, and the templates nested in it, which must be below `root`.

    `nested` means that this template is nested itself. Raises PatternError or HostilePatternError.
    """
    variables = _read(folder / COOKIECUTTER_FILE)
    if any(valid_hook(path.name, "pre_prompt") for path in (folder / "hooks").glob("*")):
        raise PatternError(
            f"{folder}: the hook pre_prompt is not supported, because it would change the questions",
            hint="Remove the hook.",
        )
    prompts = variables.pop("__prompts__", {})
    if not {"template", "templates"} & set(variables):
        modules = TemplateModules(modules_of(map(_module_name, _extensions(variables)), folder))
        prompts = prompts if isinstance(prompts, dict) else {}
        return TemplateFolder(folder, variables, prompts, modules=modules)
    if nested:
        raise PatternError(
            f"{folder / COOKIECUTTER_FILE}: a nested template may not contain nested templates itself"
        )
    templates = {}
    for key, label, path in _nested_templates(folder / COOKIECUTTER_FILE, variables):
        inside = (folder / path).resolve()
        if not inside.is_relative_to(root.resolve()):
            raise HostilePatternError(
                f"{folder / COOKIECUTTER_FILE}: the template {path!r} is outside the source"
            )
        templates[key] = NestedTemplate(label, read_folder(inside, root, nested=True))
    return TemplateFolder(folder, variables, nested=templates)


def _extensions(variables: Mapping[str, Any]) -> list[str]:
    return [str(name) for name in variables.get("_extensions", ()) if name not in SAFE_EXTENSIONS]


def _module_name(extension: str) -> str:
    """Return the module of an extension: `module.Class`, or `module:Class`, as Jinja imports it."""
    return extension.partition(":")[0] if ":" in extension else extension.rpartition(".")[0]


def _read(path: Path) -> dict[str, Any]:
    try:
        content = read_json(path)
    except OSError as error:
        raise PatternError(f"cannot read {path}: {error.strerror}") from error
    except DocumentError as error:
        line = f", line {error.line}:" if error.line else ""
        raise PatternError(f"{path}{line} {error.message}", hint="Correct it, or tell its author.") from error
    if not isinstance(content, dict):
        raise PatternError(f"{path} is not an object of variables")
    return content


def _nested_templates(path: Path, variables: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield key, label and folder of each nested template, from `templates` or the older `template`."""
    if isinstance(variables.get("templates"), dict):
        for key, entry in variables["templates"].items():
            if not isinstance(entry, dict) or not isinstance(entry.get("path"), str):
                raise PatternError(f"{path}: the template {key!r} has no path")
            title, description = entry.get("title", key), entry.get("description", key)
            yield (
                key,
                one_line(str(title) if title == description else f"{title} ({description})"),
                entry["path"],
            )
        return
    for entry in variables.get("template", ()):
        match = re.search(r"(.*?)\s*\((.+)\)", str(entry))
        if match is None:
            raise PatternError(f"{path}: the template {entry!r} has no path in parentheses")
        yield one_line(match[1]) or match[2], one_line(str(entry)), match[2]
