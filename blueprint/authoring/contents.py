"""Render a project file by file, so that one that fails does not hide another."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from blueprint.errors import BlueprintError, HostilePatternError
from blueprint.render import File
from blueprint.render.engine import SUFFIX
from blueprint.render.layers import Source, read_source
from blueprint.render.paths import check_collisions
from blueprint.render.templates import TemplateFault, Templates

from .material import Material
from .problems import Code, Problem


@dataclass(frozen=True)
class Placed:
    """A file of the layer `layer` (its number) that goes to `path`."""

    path: str
    layer: int
    folder: Path
    source: Source
    scope: Templates


def render_each(material: Material, placed: Iterable[Placed]) -> Iterator[Problem]:
    """What keeps each file from being rendered, and the files that are in conflict."""
    files: dict[str, tuple[File, Placed]] = {}
    for file in placed:
        rendered = _render(file)
        if isinstance(rendered, Problem):
            yield rendered
            continue
        other, before = files.setdefault(file.path, (rendered, file))
        if other != rendered:
            yield _conflict(material, before, file)
    try:
        check_collisions(files)
    except BlueprintError as error:
        yield material.problem(code_of(error), error.message, "layers")


def code_of(error: BlueprintError) -> Code:
    """The kind of problem that an error of the engine is."""
    return "hostile" if isinstance(error, HostilePatternError) else "fails"


def _render(file: Placed) -> File | Problem:
    source = file.source
    try:
        if not source.path.endswith(SUFFIX):
            return File(read_source(source), source.executable)
        text, secret = file.scope.file(file.folder, source.path)
        return File(text.encode(), source.executable, secret)
    except TemplateFault as error:
        return Problem("fails", error.problem, error.path, error.line)
    except BlueprintError as error:
        return Problem(code_of(error), error.message, source.location)


def _conflict(material: Material, before: Placed, file: Placed) -> Problem:
    one, other = (os.path.relpath(each.source.location, material.pattern.folder) for each in (before, file))
    message = f"{file.path} comes from {one} and from {other}, and they differ"
    return material.problem("conflict", message, "layers", file.layer)
