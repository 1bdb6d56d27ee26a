"""Projects are rendered, and their overlays built, once per session."""

from pathlib import Path

import pytest
import yaml

from .checks.manifests import Manifest
from .projects import OVERLAYS, Project, build, make_projects


@pytest.fixture(scope="session")
def projects(tmp_path_factory: pytest.TempPathFactory) -> list[Project]:
    """A selection of projects, on disk."""
    return make_projects(tmp_path_factory.mktemp("projects"))


@pytest.fixture(scope="session")
def overlays(projects: list[Project]) -> dict[tuple[str, str], tuple[Project, list[Manifest]]]:
    """Each overlay of each project with Kubernetes, built: by the project's label and the overlay's name."""
    return {
        (project.label, overlay): (project, build(project, overlay))
        for project in projects
        if project.options["kubernetes"]
        for overlay in OVERLAYS
    }


@pytest.fixture(scope="session")
def built(
    overlays: dict[tuple[str, str], tuple[Project, list[Manifest]]], tmp_path_factory: pytest.TempPathFactory
) -> list[Path]:
    """The built overlays as files, for tools that read files."""
    folder = tmp_path_factory.mktemp("built")
    paths = []
    for (label, overlay), (_, manifests) in overlays.items():
        path = folder / f"{label}-{overlay}.yaml"
        path.write_text(yaml.dump_all(manifests, Dumper=yaml.CSafeDumper, sort_keys=False))
        paths.append(path)
    return paths
