"""Render a project file by file, so that a file that fails does not hide problems in others."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from blueprint.errors import BlueprintError, HostilePatternError
from blueprint.render import File
from blueprint.render.engine import render_file
from blueprint.render.layers import LayerFile, Replacements
from blueprint.render.paths import check_collisions
from blueprint.render.templates import TemplateFileError, Templates

from .pattern_sources import PatternSources
from .problems import Problem, ProblemCode


@dataclass(frozen=True)
class OutputFile:
    """A file that the layer at index `layer` writes to `path`, with the names and replacements for it."""

    path: str
    layer: int
    folder: Path
    source: LayerFile
    scope: Templates
    replacements: Replacements


def render_files(sources: PatternSources, outputs: Iterable[OutputFile]) -> Iterator[Problem]:
    """Find the files that cannot be rendered, and those that conflict with each other."""
    files: dict[str, tuple[File, OutputFile]] = {}
    for file in outputs:
        rendered = _render(file)
        if isinstance(rendered, Problem):
            yield rendered
            continue
        other, before = files.setdefault(file.path, (rendered, file))
        if other != rendered:
            yield _conflict(sources, before, file)
    try:
        check_collisions(files)
    except BlueprintError as error:
        yield sources.problem(problem_code(error), error.message, "layers")


def problem_code(error: BlueprintError) -> ProblemCode:
    """The problem code of an error from the engine."""
    return "hostile" if isinstance(error, HostilePatternError) else "fails"


def _render(file: OutputFile) -> File | Problem:
    try:
        return render_file(file.folder, file.source, file.scope, file.replacements)
    except TemplateFileError as error:
        return Problem("fails", error.problem, error.path, error.line)
    except BlueprintError as error:
        return Problem(problem_code(error), error.message, file.source.location)


def _conflict(sources: PatternSources, before: OutputFile, file: OutputFile) -> Problem:
    one, other = (os.path.relpath(each.source.location, sources.pattern.folder) for each in (before, file))
    message = f"the layers give different files for {file.path}: {one} and {other}"
    return sources.problem("conflict", message, "layers", file.layer)
