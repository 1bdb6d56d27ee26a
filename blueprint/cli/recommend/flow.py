"""Steps of `blueprint recommend`."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from blueprint.advise.candidates import Candidate
from blueprint.advise.decide import Model
from blueprint.advise.prices import prices_from
from blueprint.advise.profiles import profiles_from
from blueprint.advise.recommend import model_with, recommend
from blueprint.advise.result import Recommendation, Today
from blueprint.errors import UsageError
from blueprint.needs.answers import NeedsAnswers, complete, overlay
from blueprint.needs.errors import NeedsError
from blueprint.needs.inputs import inputs
from blueprint.needs.legacy import INDEPENDENT_DEPLOY, translate
from blueprint.needs.model import INPUT_FIELDS
from blueprint.needs.presets import load_preset

from ..output_files import write_text
from ..user_defaults import NO_DEFAULTS, UserDefaults, needs_defaults
from .result import RecommendResult


@dataclass(frozen=True)
class RecommendRequest:
    """Parameters of `blueprint recommend`."""

    needs: Path | None
    preset: str | None
    flags: Mapping[str, Any]
    patterns: tuple[str, ...]
    prices: str | None
    measured: tuple[Path, ...]
    save: Path | None
    adr: Path | None
    html: Path | None
    explain: bool
    project: Path | None = None


def given_flags(parameters: Mapping[str, Any]) -> NeedsAnswers:
    """Return the answers among the parameters of the command. Raises NeedsError."""
    names = (*INPUT_FIELDS, INDEPENDENT_DEPLOY)
    return translate({name: parameters[name] for name in names if parameters[name] is not None})


@dataclass(frozen=True)
class Preparation:
    """What is known before any question: the answers, the user's defaults, and the patterns that compete.

    `sources` are the locations of the patterns of --pattern by their names, `today` is what the project of
    --project has.
    """

    answers: NeedsAnswers
    defaults: UserDefaults
    model: Model
    sources: Mapping[str, str]
    today: Today | None = None


def prepare(request: RecommendRequest) -> Preparation:
    """Read the files of `request` and check its answers. Raises BlueprintError."""
    _check_outputs(request)
    today = None
    if request.project:
        from .project import needs_of, project_at, today_of

        project = project_at(request.project)
        today = today_of(project)
        if not request.needs and not request.preset:
            request = replace(request, needs=needs_of(project))
    answers = merged_answers(request)
    candidates = _candidates(request.patterns)
    model = model_with(
        tuple(candidates.values()),
        prices_from(request.prices) if request.prices else None,
        profiles_from(*request.measured) if request.measured else None,
    )
    # A needs.yaml file stands for itself: `new --needs` has to yield the same.
    defaults = NO_DEFAULTS if request.needs else needs_defaults()
    with _flags_as_typed(request.flags):
        complete(overlay(defaults.values, answers))
    sources = {candidate.name: text for text, candidate in candidates.items()}
    return Preparation(answers, defaults, model, sources, today)


def _check_outputs(request: RecommendRequest) -> None:
    """Refuse to write two documents to one file. Raises UsageError."""
    flags: dict[Path, str] = {}
    for flag, path in (("--save", request.save), ("--adr", request.adr), ("--html", request.html)):
        if path and (other := flags.setdefault(path.absolute(), flag)) != flag:
            raise UsageError(f"{other} and {flag} name the same file: {path}", hint="Use different files.")


def run_recommend(request: RecommendRequest, prepared: Preparation, answers: NeedsAnswers) -> RecommendResult:
    """Recommend for some `answers`, and write the files of `request`. Raises BlueprintError."""
    defaults = prepared.defaults.values
    needs = complete(overlay(defaults, answers))
    today = datetime.now(UTC).date()
    recommendation = recommend(needs, prepared.model, today=today, project=prepared.today)
    files: dict[Path, str] = {}
    if request.save:
        from blueprint.needs.file import to_yaml

        files[request.save] = to_yaml(needs)
    if request.adr:
        files |= decision_records(recommendation, request.adr, today)
    if request.html:
        from blueprint.report.html.page import to_html

        files[request.html] = to_html(recommendation, prepared.model)
    for path, text in files.items():
        write_text(path, text)
    source = prepared.sources.get(recommendation.pattern)
    defaulted = frozenset(defaults.keys() - answers.keys())
    return RecommendResult(recommendation, request.explain, tuple(files), source, defaulted)


@contextmanager
def _flags_as_typed(flags: Mapping[str, Any]) -> Iterator[None]:
    """Name inputs in errors as the flags that the user typed, and not as fields of needs.yaml."""
    try:
        yield
    except NeedsError as error:
        for name in flags.keys() & inputs().keys():
            error.message = error.message.replace(inputs()[name].label, f"--{name.replace('_', '-')}")
        raise


def _candidates(patterns: Sequence[str]) -> Mapping[str, Candidate]:
    """Return the patterns that compete beside the built-in ones, by location. Raises BlueprintError."""
    if not patterns:
        return {}
    # Reading patterns imports the template engine, which takes longer than the recommendation.
    from ..candidates import candidate_named

    return {text: candidate_named(text) for text in patterns}


def merged_answers(request: RecommendRequest) -> NeedsAnswers:
    """Merge preset, needs file and flags; each overrides the one before. Raises NeedsError."""
    answers = load_preset(request.preset) if request.preset else {}
    if request.needs:
        from blueprint.needs.file import read_needs_file

        answers = overlay(answers, read_needs_file(request.needs))
    return overlay(answers, request.flags)


def decision_records(recommendation: Recommendation, path: Path, day: date) -> dict[Path, str]:
    """Return the text of each decision record by its path; a second one gets a suffix."""
    from blueprint.report.adr import decision_records

    return {
        path.with_name(f"{path.stem}{record.suffix}{path.suffix}"): record.text
        for record in decision_records(recommendation, day)
    }
