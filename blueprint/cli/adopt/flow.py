"""Steps of `blueprint adopt`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint.errors import ProjectError
from blueprint.patterns import Answers, Pattern, check_answers
from blueprint.project import write
from blueprint.project.adoption import answers_from, prepare_adoption, template_given, template_of
from blueprint.project.foreign_answers import read_foreign_answers
from blueprint.project.origin import resolve_source_path
from blueprint.project.update import existing_options
from blueprint.render.paths import STATE
from blueprint.sources import find_pattern
from blueprint.sources.sanitize import slug

from .. import interrupts
from ..console import Console
from ..inputs import options_from_flags, read_answers_file
from ..trust import ensure_trusted
from .result import AdoptResult


@dataclass(frozen=True)
class AdoptRequest:
    """Parameters of `blueprint adopt`."""

    project: Path
    source: str | None
    answers: Path | None
    sets: tuple[str, ...]
    trust: str | None
    dry_run: bool
    ask: bool


def run_adopt(request: AdoptRequest, console: Console) -> AdoptResult:
    """Adopt the project of `request`. Raises BlueprintError."""
    folder = request.project.absolute()
    if (folder / STATE).exists():
        raise ProjectError(f"{folder} is already a blueprint project", hint="Run `blueprint update`.")
    foreign = read_foreign_answers(folder)
    if request.source is not None:
        source, version = template_given(folder, request.source, foreign)
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
    replayed = read_answers_file(request.answers).options if request.answers else {}
    answers = _answers(pattern, slug(folder.name), {**recorded, **replayed}, request.sets)
    with console.progress("Rendering"):
        adoption = prepare_adoption(folder, pattern, answers, source, foreign.path if foreign else None)
    if not request.dry_run:
        write(adoption.state, folder, before_commit=interrupts.ignore)
    exact = version is not None
    return AdoptResult(folder, pattern, source, exact, answers, adoption, written=not request.dry_run)


def _answers(pattern: Pattern, project: str, values: Mapping[str, Any], sets: tuple[str, ...]) -> Answers:
    given = options_from_flags(pattern, {}, sets)
    remembered = answers_from(pattern, values)
    return check_answers(pattern, project, existing_options(pattern, project, remembered, given))
