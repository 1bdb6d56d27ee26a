"""Flatten a pattern with its default answers into templates that any Jinja tool can render."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint.patterns import Answers, Pattern
from blueprint.render.layers import SUFFIX, layer_files, layer_folder
from blueprint.templating import Sandbox

_INCLUDE = re.compile(r"^[ \t]*\{% include (.+?) %\}\n", re.MULTILINE)
_SECRET = re.compile(r"secret\(([^(),]+)[^()]*\)")


@dataclass(frozen=True)
class Template:
    """A file of a template. Its path may contain `{{ package }}`; `rendered` means that it is a template."""

    path: str
    content: bytes
    rendered: bool
    executable: bool


def context_of(pattern: Pattern, answers: Answers) -> dict[str, Any]:
    """Every name that the templates of `pattern` can use, with its value."""
    context: dict[str, Any] = {
        **answers.options,
        "project": answers.project,
        "package": answers.package,
        "pattern": {"name": pattern.name, "version": pattern.version, "title": pattern.title},
    }
    for name, expression in pattern.values.items():
        context[name] = Sandbox().evaluate(expression, context)
    return context


def flatten(pattern: Pattern, context: dict[str, Any]) -> Iterator[Template]:
    """The files of the selected layers, with includes inlined and secrets replaced by their names."""
    for layer in pattern.layers:
        if layer.when is not None and not Sandbox().evaluate(layer.when, context):
            continue
        if layer.replace:
            raise NotImplementedError(f"the layer {layer.source} replaces texts, which no other tool can do")
        if any(Sandbox().evaluate(items, context) for items in (layer.each or {}).values()):
            raise NotImplementedError(
                f"the layer {layer.source} would be repeated, which no other tool can do"
            )
        if layer.each is None:
            folder = layer_folder(pattern, layer)
            for source in layer_files(folder):
                path = source.path if layer.to == "." else f"{layer.to}/{source.path}"
                rendered = path.endswith(SUFFIX)
                content = source.location.read_bytes()
                if rendered:
                    content = _plain(content.decode(), folder, context).encode()
                yield Template(path.removesuffix(SUFFIX), content, rendered, source.executable)


def _plain(text: str, folder: Path, context: dict[str, Any]) -> str:
    """Inline includes and replace secrets in `text`: other tools do not support them in this form."""

    def part(match: re.Match[str]) -> str:
        return _plain((folder / Sandbox().evaluate(match[1], context)).read_text(), folder, context)

    return _SECRET.sub(r"(\1)", _INCLUDE.sub(part, text))
