"""Take over a project that another tool made: render what it began as, and remember that as the base."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint.errors import ProjectError
from blueprint.patterns import Answers, Boolean, Choice, Option, Pattern, Text, TextList, parse_value
from blueprint.render import Tree
from blueprint.sources import render
from blueprint.sources.locations import parse_location
from blueprint.sources.option_names import option_names

from .disk import read_tree
from .foreign_answers import ForeignAnswers
from .merge.difference import Difference, edits_of
from .merge.inputs import collect_inputs
from .origin import project_relative_source, resolve_source_path
from .state import STATE_FILES, with_state


@dataclass(frozen=True)
class Adoption:
    """The files of `.blueprint/` to write, those that the template made, and what the user did to them."""

    state: Tree
    base: Tree
    edits: tuple[Difference, ...]


def template_of(folder: Path, foreign: ForeignAnswers) -> tuple[str, str | None]:
    """What to call the template of the project in `folder` from now on, and the version that made it.

    A local repository is taken as one if a version is known: a folder has only what is in it now.
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
    """The same, where the user says what the template is. A version in `source` is the one that made it."""
    location = parse_location(source)
    if location is None or location.type != "git":
        return project_relative_source(folder, source), None
    below = f"#{location.subfolder}" if location.subfolder else ""
    return f"{location.address}{below}", location.ref or (foreign.version if foreign else None)


def answers_from(pattern: Pattern, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the `values` that `pattern` asks for, as its options take them. Raises AnswersError."""
    named = option_names(values)
    return {
        name: _as_answer(name, option, named[name])
        for name, option in pattern.options.items()
        if named.get(name) is not None
    }


def prepare_adoption(
    folder: Path, pattern: Pattern, answers: Answers, source: str, foreign: str | None
) -> Adoption:
    """Render what the project in `folder` began as, and compare; nothing is written. Raises BlueprintError.

    The file `record` belongs to the other tool and not to the user: it is as it should be, whatever is in it.
    """
    made = render(pattern, answers).tree
    kept = {
        path: file for path, file in read_tree(folder, [foreign] if foreign else []).items() if path in made
    }
    base = {path: file for path, file in {**made, **kept}.items() if not file.secret}
    inputs = collect_inputs(folder, base, base)
    if not any(inputs.disk.get(path) == file for path, file in base.items() if path not in kept):
        raise ProjectError(
            f"none of the {len(base)} files that {pattern.name} {pattern.version} gives is in {folder}",
            hint="Is it another template, another version, or other answers?",
        )
    mine = {path: file for path, file in base.items() if path not in inputs.replaced}
    whole = with_state({**made, **kept}, pattern, answers, source)
    state = {path: whole[path] for path in STATE_FILES}
    return Adoption(state, base, tuple(edits_of(mine, inputs.disk)))


def _as_answer(name: str, option: Option, value: Any) -> Any:
    """What another tool wrote for an answer, as `option` takes it."""
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
    """A value to choose, as options call it."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
