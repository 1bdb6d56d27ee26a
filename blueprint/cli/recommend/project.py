"""Project of --project: what a team has today, and the needs that it recorded."""

from pathlib import Path

from blueprint.advise.candidates import CONTEXTS
from blueprint.advise.result import Today
from blueprint.project.load import Project, find_project, load_project
from blueprint.project.state import MAIN

from ..advice import ADR_FOLDER


def project_at(folder: Path) -> Project:
    """Return the project at a folder, or around it. Raises BlueprintError."""
    return load_project(find_project(folder), MAIN)


def today_of(project: Project) -> Today:
    """Return the pattern of a project, and the groups of its contexts, without those that only consume."""
    lists = project.options.get("deployables")
    groups = [tuple(c for c in group if c in CONTEXTS) for group in lists] if isinstance(lists, list) else []
    return Today(project.pattern, tuple(filter(None, groups)) or None)


def needs_of(project: Project) -> Path | None:
    """Return the needs that a project recorded, or None."""
    path = project.folder / ADR_FOLDER / "needs.yaml"
    return path if path.is_file() else None
