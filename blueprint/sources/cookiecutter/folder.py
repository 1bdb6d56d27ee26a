"""What a folder with a cookiecutter.json says: its variables, the templates nested in it, its hooks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from blueprint.documents import DocumentError, read_json
from blueprint.errors import HostilePatternError, PatternError

from ..external import SAFE_EXTENSIONS, Script, extension_script
from ..sanitize import one_line, printable

COOKIECUTTER_FILE = "cookiecutter.json"

_HOOKS = ("pre_gen_project", "post_gen_project")


@dataclass(frozen=True)
class NestedTemplate:
    """One of several templates to choose from."""

    label: str
    template: "TemplateFolder"


@dataclass(frozen=True)
class TemplateFolder:
    """A template of Cookiecutter: `variables` is its cookiecutter.json, `prompts` what that says on them."""

    folder: Path
    variables: Mapping[str, Any]
    prompts: Mapping[str, Any] = field(default_factory=dict)
    nested: Mapping[str, NestedTemplate] = field(default_factory=dict)

    @property
    def extensions(self) -> list[str]:
        """The Jinja extensions that it wants, those of Jinja itself left out."""
        return [str(name) for name in self.variables.get("_extensions", ()) if name not in SAFE_EXTENSIONS]

    def scripts(self) -> Iterator[Script]:
        """All that would run: extensions and hooks, those of nested templates too."""
        for name in self.extensions:
            yield extension_script(name, self.folder)
        for hook in self.hooks():
            text = hook.read_text("utf-8", errors="replace")
            yield Script(f"hook {one_line(hook.name)}", printable(text))
        for nested in self.nested.values():
            yield from nested.template.scripts()

    def hooks(self) -> list[Path]:
        """Its hooks, in the order in which they run."""
        there = self.folder / "hooks"
        files = sorted(there.iterdir()) if there.is_dir() else []
        return [path for hook in _HOOKS for path in files if _is_hook(path, hook)]


def read_folder(folder: Path, root: Path, *, deep: bool = False) -> TemplateFolder:
    """The template in `folder`; the templates nested in it must be below `root`.

    Raises PatternError or HostilePatternError.
    """
    variables = _read(folder / COOKIECUTTER_FILE)
    if any(_is_hook(path, "pre_prompt") for path in (folder / "hooks").glob("*")):
        raise PatternError(f"{folder}: the hook pre_prompt would change the questions", hint="Remove it.")
    prompts = variables.pop("__prompts__", {})
    if not {"template", "templates"} & set(variables):
        return TemplateFolder(folder, variables, prompts if isinstance(prompts, dict) else {})
    if deep:
        raise PatternError(f"{folder / COOKIECUTTER_FILE}: templates are nested in nested templates")
    nested = {}
    for key, label, path in _choices(folder / COOKIECUTTER_FILE, variables):
        inside = (folder / path).resolve()
        if not inside.is_relative_to(root.resolve()):
            raise HostilePatternError(
                f"{folder / COOKIECUTTER_FILE}: the template {path!r} is outside of the source"
            )
        nested[key] = NestedTemplate(label, read_folder(inside, root, deep=True))
    return TemplateFolder(folder, variables, nested=nested)


def _is_hook(path: Path, hook: str) -> bool:
    return path.stem == hook and not path.name.endswith("~")


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


def _choices(path: Path, variables: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Key, label and folder of each nested template, in either of the two ways to list them."""
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
            raise PatternError(f"{path}: the template {entry!r} has no path in brackets")
        yield one_line(match[1]) or match[2], one_line(str(entry)), match[2]
