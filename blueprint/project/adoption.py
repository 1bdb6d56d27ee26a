"""Adoption of a project that another tool generated.

The template is rendered as it was when it made the project. That rendering becomes the base of later updates.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from blueprint.errors import ProjectError
from blueprint.patterns import Answers, Boolean, Choice, Option, Pattern, Text, TextList, parse_value
from blueprint.render import Tree
from blueprint.sources import render, with_answers_file
from blueprint.sources.locations import parse_location
from blueprint.sources.option_names import option_names

from .disk import read_tree
from .foreign_answers import ForeignAnswers
from .merge.difference import Difference, edits_of
from .merge.inputs import collect_inputs
from .origin import project_relative_source, resolve_source_path
from .state import state_files, with_state
from .update import with_secrets


@dataclass(frozen=True)
class AdoptedTemplate:
    """A template that made a project, or a part of it, by the `name` that the project will know it by.

    `foreign` is the answers file of the other tool, if there is one. `exact` is whether the version of the
    template that created the project is known.
    """

    name: str
    pattern: Pattern
    answers: Answers
    source: str
    foreign: str | None
    exact: bool


@dataclass(frozen=True)
class Adoption:
    """A prepared adoption: the state files to write, the template's files and the user's edits to them."""

    template: AdoptedTemplate
    state: Tree
    base: Tree
    edits: tuple[Difference, ...]


def template_of(folder: Path, foreign: ForeignAnswers) -> tuple[str, str | None]:
    """Return the template source to remember for the project in `folder`, and the version that made it.

    A local repository with a known version becomes a `file://` source, because only git can restore that
    version. An unknown version is returned as None.
    """
    below = f"#{foreign.subfolder}" if foreign.subfolder else ""
    location = parse_location(foreign.source)
    if location is not None and location.type == "git":
        follows = f"@{foreign.follows}" if foreign.follows else ""
        return f"{foreign.source}{follows}{below}", foreign.version
    path = Path(resolve_source_path(folder, f"{foreign.source}/")).expanduser()
    if foreign.version and (path / ".git").exists():
        return f"file://{path.resolve()}{below}", foreign.version
    here = path if Path(foreign.source).expanduser().is_absolute() else os.path.relpath(path)
    return f"{project_relative_source(folder, os.path.join('.', here))}{below}", None


def template_given(folder: Path, source: str, foreign: ForeignAnswers | None) -> tuple[str, str | None]:
    """Return the same as `template_of` for a `source` that the user names.

    A version in `source` is the version that made the project.
    """
    location = parse_location(source)
    if location is None or location.type != "git":
        return project_relative_source(folder, source), None
    below = f"#{location.subfolder}" if location.subfolder else ""
    return f"{location.address}{below}", location.ref or (foreign.version if foreign else None)


def answers_from(pattern: Pattern, values: Mapping[str, Any]) -> dict[str, Any]:
    """Convert the `values` that `pattern` has options for into valid answers. Raises AnswersError."""
    named = option_names(values)
    return {
        name: _as_answer(name, option, named[name])
        for name, option in pattern.options.items()
        if named.get(name) is not None
    }


def prepare_adoptions(folder: Path, templates: Sequence[AdoptedTemplate]) -> list[Adoption]:
    """Render the `templates` of `folder` as they were and compare them with the disk, without writing.

    A file that two templates write is edited if it differs from what each of them wrote. Raises
    BlueprintError.
    """
    made = {each.name: _original(each) for each in templates}
    adoptions = []
    for each in templates:
        others = {name: tree for name, tree in made.items() if name != each.name}
        adoptions.append(_prepare(folder, each, with_secrets(made[each.name], others)))
    unedited = {path for each in adoptions for path in each.base.keys() - {edit.path for edit in each.edits}}
    return [
        replace(each, edits=tuple(edit for edit in each.edits if edit.path not in unedited))
        for each in adoptions
    ]


def _original(template: AdoptedTemplate) -> Tree:
    pattern = template.pattern
    if template.foreign is not None:
        pattern = with_answers_file(pattern, template.foreign)
    return render(pattern, template.answers).tree


def _prepare(folder: Path, template: AdoptedTemplate, made: Tree) -> Adoption:
    """Prepare the adoption of one template that `made` these files.

    The other tool rewrites its answers file, so that its content never counts as an edit of the user.
    """
    pattern, foreign = template.pattern, template.foreign
    kept = read_tree(folder, [foreign]) if foreign is not None and foreign in made else {}
    base = {path: file for path, file in {**made, **kept}.items() if not file.secret}
    inputs = collect_inputs(folder, base, base)
    if not any(inputs.disk.get(path) == file for path, file in base.items() if path not in kept):
        raise ProjectError(
            f"{folder} contains none of the {len(base)} files of {pattern.name} {pattern.version}",
            hint="Check that --source names the right template and version, and that the answers match.",
        )
    mine = {path: file for path, file in base.items() if path not in inputs.replaced}
    whole = with_state({**made, **kept}, pattern, template.answers, template.source, template=template.name)
    state = {path: whole[path] for path in state_files(template.name).paths if path in whole}
    return Adoption(template, state, base, tuple(edits_of(mine, inputs.disk)))


def _as_answer(name: str, option: Option, value: Any) -> Any:
    """Convert the value that another tool recorded into an answer of the type of `option`."""
    match option:
        case Choice():
            return _key(value)
        case TextList() if isinstance(value, list):
            return [_key(item) for item in value]
        case Boolean() if isinstance(value, str):
            return parse_value(name, option, value)
        case Text():
            return str(value)
    return value


def _key(value: Any) -> str:
    """The key of a choice: options have text keys, other tools allow any JSON value."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
