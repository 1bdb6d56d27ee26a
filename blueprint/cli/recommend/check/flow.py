"""Steps of `blueprint recommend --check`."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from blueprint.advise.candidates import Candidate, built_in_candidates
from blueprint.advise.decide import Model
from blueprint.deployment.check import check_deployment
from blueprint.deployment.overlays import Deployments, deployment_from, deployments_at
from blueprint.deployment.services import APP, pattern_of
from blueprint.deployment.sizes import Pods
from blueprint.documents import MAX_STREAM_BYTES
from blueprint.errors import ProjectError, UsageError
from blueprint.needs.answers import complete, overlay
from blueprint.needs.errors import NeedsError
from blueprint.project.load import Project, find_project, load_project
from blueprint.project.state import MAIN

from ...advice import ADR_FOLDER
from ..flow import RecommendRequest, prepare
from .result import DeploymentCheckResult

STANDARD_INPUT = "-"


def check_manifests(request: RecommendRequest, place: str) -> DeploymentCheckResult:
    """Compare the manifests at a path, or those on standard input, with the needs. Raises BlueprintError."""
    _check_request(request)
    deployments = _read(place)
    project = _project(Path.cwd() if place == STANDARD_INPUT else Path(place))
    needs_file = request.needs or (None if request.preset else _recorded_needs(project, request))
    built_in = {candidate.name for candidate in built_in_candidates()}
    foreign = tuple(name for name in request.patterns if name not in built_in)
    prepared = prepare(replace(request, needs=needs_file, patterns=foreign))
    needs = complete(overlay(prepared.defaults.values, prepared.answers))
    groups = project.options.get("deployables") if project else None
    checks = []
    for path, deployed in deployments.found:
        candidate = _candidate(request, prepared.model, project, deployed.pods)
        check = check_deployment(deployed, candidate, groups, needs, prepared.model.prices)
        checks.append((path, check))
    return DeploymentCheckResult(needs_file, tuple(checks), deployments.left_out)


def _check_request(request: RecommendRequest) -> None:
    given = {
        "--save": request.save,
        "--adr": request.adr,
        "--html": request.html,
        "--explain": request.explain,
        "--project": request.project,
    }
    for name, value in given.items():
        if value:
            raise UsageError(f"--check and {name} exclude each other", hint=f"Leave out {name}.")
    if len(request.patterns) > 1:
        raise UsageError("--check compares with one pattern", hint="Give --pattern once.")


def _read(place: str) -> Deployments:
    if place == STANDARD_INPUT:
        return deployment_from(sys.stdin.buffer.read(MAX_STREAM_BYTES + 1), "standard input")
    return deployments_at(Path(place))


def _project(start: Path) -> Project | None:
    try:
        folder = find_project(start)
    except ProjectError:
        return None
    return load_project(folder, MAIN)


def _recorded_needs(project: Project | None, request: RecommendRequest) -> Path | None:
    """Return the needs that the project recorded, or None where options of the command state some needs."""
    path = project.folder / ADR_FOLDER / "needs.yaml" if project else None
    if path is None or not path.is_file():
        if request.flags:
            return None
        missing = f"{project.name} has no {ADR_FOLDER}/needs.yaml" if project else "there is no project here"
        raise NeedsError(
            f"{missing}, so the needs are unknown",
            hint="Give the needs with --needs FILE, --preset NAME, or options such as --peak-rps 900.",
        )
    return path


def _candidate(
    request: RecommendRequest, model: Model, project: Project | None, pods: Sequence[Pods]
) -> Candidate:
    """Return the pattern that was named, that of the project, or the one that the workloads show."""
    named = request.patterns[0] if request.patterns else None
    built_in = {candidate.name for candidate in built_in_candidates()}
    foreign = [candidate for candidate in model.candidates if candidate.name not in built_in]
    name = foreign[0].name if foreign else named or (project.pattern if project else pattern_of(pods))
    candidate = next((candidate for candidate in model.candidates if candidate.name == name), None)
    if candidate is None:
        raise UsageError(
            f"the demand of the pattern {name} is unknown", hint="Give its location with --pattern."
        )
    if candidate in foreign and candidate.shape.parts != (APP,):
        raise UsageError(
            f"the deployables of the pattern {name} have no names, so its workloads cannot be told apart",
            hint="Compare a project of a built-in pattern, or one with a single deployable.",
        )
    return candidate
