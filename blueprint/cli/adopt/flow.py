"""Steps of `blueprint adopt`."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint.errors import ProjectError, UsageError
from blueprint.patterns import Answers, Pattern, check_answers
from blueprint.project import write
from blueprint.project.adoption import (
    AdoptedTemplate,
    answers_from,
    prepare_adoptions,
    template_given,
    template_of,
)
from blueprint.project.foreign_answers import ForeignAnswers, read_foreign_answers
from blueprint.project.git import ignored_by_repository
from blueprint.project.origin import resolve_source_path
from blueprint.project.state import MAIN, state_files
from blueprint.project.update import existing_options
from blueprint.render.paths import STATE
from blueprint.sources import find_pattern
from blueprint.sources.sanitize import slug
from blueprint.suggest import did_you_mean

from .. import interrupts
from ..console import Console
from ..inputs import options_from_flags, read_answers_file
from ..outputs import ignored_state
from ..trust import ensure_trusted
from .result import AdoptionsResult, AdoptResult


@dataclass(frozen=True)
class Given:
    """What the user says about one template, instead of what the project records."""

    template: str
    source: str | None = None
    answers: Path | None = None
    sets: tuple[str, ...] = ()


@dataclass(frozen=True)
class AdoptRequest:
    """Parameters of `blueprint adopt`."""

    project: Path
    given: Given
    trust: str | None
    dry_run: bool
    ask: bool


def run_adopt(request: AdoptRequest, console: Console) -> AdoptionsResult:
    """Adopt all templates of the project of `request`. Raises BlueprintError."""
    folder = request.project.absolute()
    if os.path.lexists(folder / STATE):
        raise ProjectError(f"{folder} is already a blueprint project", hint="Run `blueprint update`.")
    recorded = read_foreign_answers(folder)
    _check_name(request.given.template, recorded or [MAIN])
    templates = [_template(name, recorded.get(name), folder, request, console) for name in recorded or [MAIN]]
    with console.progress("Rendering"):
        adoptions = prepare_adoptions(folder, templates)
    if not request.dry_run:
        state = {path: file for each in adoptions for path, file in each.state.items()}
        write(state, folder, before_commit=interrupts.ignore)
        tracked = (path for each in templates for path in state_files(each.name).tracked)
        for warning in ignored_state(ignored_by_repository(folder, tracked)):
            console.warning(warning)
    return AdoptionsResult(
        tuple(AdoptResult(folder, each, written=not request.dry_run) for each in adoptions)
    )


def _check_name(name: str, names: Iterable[str]) -> None:
    known = [*names]
    if name not in known:
        raise UsageError(
            f"there is no answers file of a template named {name}{did_you_mean(name, known)}",
            hint=f"Templates of the project: {', '.join(known)}.",
        )


def _template(
    name: str, foreign: ForeignAnswers | None, folder: Path, request: AdoptRequest, console: Console
) -> AdoptedTemplate:
    """Find a template with the answers that the project and the user give. Raises BlueprintError."""
    given = request.given if request.given.template == name else Given(name)
    if given.source is not None:
        source, version = template_given(folder, given.source, foreign)
    elif foreign is not None:
        source, version = template_of(folder, foreign)
    else:
        raise ProjectError(
            f"{folder} does not record which template created it",
            hint="Name it with --source URL@VERSION --answers ~/.cookiecutter_replay/NAME.json",
        )
    with console.progress("Fetching"):
        found = find_pattern(resolve_source_path(folder, source), ref=version)
    pattern = ensure_trusted(found, console, request.trust, ask=request.ask)
    recorded = foreign.answers if foreign else {}
    replayed = read_answers_file(given.answers).options if given.answers else {}
    answers = _answers(pattern, slug(folder.name), {**recorded, **replayed}, given.sets)
    path = foreign.path if foreign else None
    return AdoptedTemplate(name, pattern, answers, source, path, exact=version is not None)


def _answers(pattern: Pattern, project: str, values: Mapping[str, Any], sets: tuple[str, ...]) -> Answers:
    given = options_from_flags(pattern, {}, sets)
    remembered = answers_from(pattern, values)
    return check_answers(pattern, project, existing_options(pattern, project, remembered, given))
