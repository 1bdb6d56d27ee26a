"""Templates of each tool for the same files, and the commands that render them."""

import json
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, meta

from blueprint.patterns import Pattern

from .flatten import Template

BIN = Path(sys.executable).parent
JINJA = {"trim_blocks": True, "lstrip_blocks": True}


@dataclass(frozen=True)
class Tool:
    """A tool to measure: its start-up command, and the command that renders into the folder OUT."""

    name: str
    start: tuple[str, ...] | None
    render: tuple[str, ...]

    def command(self, out: Path) -> list[str]:
        """The command that renders into `out`."""
        return [str(out) if word == "OUT" else word for word in self.render]


def blueprint(packages: Path, pattern: Pattern, project: str) -> Tool:
    """blueprint with a pattern, as a user runs it: from the wheel that is unpacked in `packages`."""
    program = ("env", f"PYTHONPATH={packages}", sys.executable, "-P", "-m", "blueprint")
    source = pattern.name if pattern.root != pattern.folder else str(pattern.folder)
    render = (*program, "new", "--no-git", project, "--pattern", source, "--yes", "--output", "OUT")
    return Tool("blueprint", (*program, "--help"), render)


def copier(folder: Path, templates: Iterable[Template], context: Mapping[str, Any]) -> Tool:
    """A Copier template without git, with every value as a default."""
    (folder / "template").mkdir(parents=True)
    for template in templates:
        suffix = ".jinja" if template.rendered else ""
        _write(folder / "template" / f"{template.path}{suffix}", template.content, template.executable)
    questions = {name: {"type": _type(value), "default": value} for name, value in context.items()}
    settings = {
        "_subdirectory": "template",
        "_templates_suffix": ".jinja",
        "_envops": {**JINJA, "keep_trailing_newline": True},
    }
    (folder / "copier.yml").write_text(yaml.safe_dump({**settings, **questions}, sort_keys=False))
    program = str(BIN / "copier")
    return Tool("copier", (program, "--help"), (program, "copy", "--defaults", "--quiet", str(folder), "OUT"))


def cookiecutter(folder: Path, templates: Iterable[Template], context: Mapping[str, Any]) -> Tool:
    """A Cookiecutter template; each file first assigns the variables that it uses from `cookiecutter`."""
    top = folder / "{{ cookiecutter.project }}"
    top.mkdir(parents=True)
    plain = []
    # A list would be a choice, unless its name begins with an underscore.
    renamed = {name: f"_{name}" for name, value in context.items() if isinstance(value, list)}
    for template in templates:
        content = template.content
        path = template.path.replace("{{ package }}", "{{ cookiecutter.package }}")
        if template.rendered:
            used = meta.find_undeclared_variables(Environment(autoescape=False).parse(content.decode()))  # noqa: S701
            names = sorted(used)
            assignments = "".join(
                f"{{% set {name} = {_value(context, name, renamed.get(name, name))} %}}" for name in names
            )
            content = (f"{assignments}\n" if assignments else "").encode() + content
        else:
            plain.append(path)
        _write(top / path, content, template.executable)
    settings = {"_copy_without_render": plain, "_jinja2_env_vars": JINJA}
    known = {renamed.get(name, name): value for name, value in context.items()}
    (folder / "cookiecutter.json").write_text(json.dumps({**known, **settings}))
    program = str(BIN / "cookiecutter")
    return Tool(
        "cookiecutter", (program, "--help"), (program, "--no-input", str(folder), "--output-dir", "OUT")
    )


def bare(folder: Path, templates: Iterable[Template], context: Mapping[str, Any]) -> Tool:
    """The lower bound: a loop around sandboxed Jinja without questions, checks and state."""
    folder.mkdir(parents=True)
    for template in templates:
        suffix = ".jinja" if template.rendered else ""
        _write(folder / "template" / f"{template.path}{suffix}", template.content, template.executable)
    (folder / "context.json").write_text(json.dumps(context))
    loop = str(shutil.copy(Path(__file__).with_name("bare_loop.py"), folder))
    return Tool("bare jinja", None, (sys.executable, loop, str(folder), "OUT"))


def _write(path: Path, content: bytes, executable: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o755 if executable else 0o644)


def _value(context: Mapping[str, Any], name: str, variable: str) -> str:
    """An expression for a value; Cookiecutter converts numbers to text, also those in a mapping."""
    value = context.get(name)
    if isinstance(value, dict):
        return json.dumps(value)
    return f"cookiecutter.{variable} | int" if type(value) is int else f"cookiecutter.{variable}"


def _type(value: object) -> str:
    return {bool: "bool", int: "int", str: "str"}.get(type(value), "yaml")
