"""Fixtures: rendered projects and built overlays, once per session."""

from pathlib import Path

import pytest
import yaml

from tests.generated.combinations import some

from .checks.manifests import Manifest
from .projects import (
    DISTRIBUTED,
    OVERLAYS,
    Project,
    build,
    make_distributed,
    make_projects,
    make_spring_services,
)

Overlays = dict[tuple[str, str], tuple[Project, list[Manifest]]]


@pytest.fixture(scope="session")
def projects(tmp_path_factory: pytest.TempPathFactory) -> list[Project]:
    """A selection of projects, on disk."""
    return make_projects(tmp_path_factory.mktemp("projects"))


@pytest.fixture(scope="session")
def overlays(projects: list[Project]) -> Overlays:
    """Built overlays of the projects with Kubernetes, by the project's label and the overlay's name."""
    return _built(projects)


@pytest.fixture(scope="session")
def built(overlays: Overlays, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Built overlays as files, for tools that read files."""
    return _written(overlays, tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="session", params=DISTRIBUTED)
def distributed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Project]:
    """A selection of projects of one distributed pattern, on disk; each test runs for every pattern."""
    return make_distributed(tmp_path_factory.mktemp(request.param), request.param)


@pytest.fixture(scope="session")
def spring_services(tmp_path_factory: pytest.TempPathFactory) -> list[Project]:
    """A selection of projects with services in Java, on disk."""
    return make_spring_services(tmp_path_factory.mktemp("spring-services"))


@pytest.fixture(scope="session")
def distributed_overlays(distributed: list[Project]) -> Overlays:
    """Built overlays of the distributed projects."""
    return _built(distributed)


@pytest.fixture(scope="session")
def distributed_built(distributed_overlays: Overlays, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Built overlays of the distributed projects as files."""
    return _written(distributed_overlays, tmp_path_factory.mktemp("distributed-built"))


def _built(projects: list[Project]) -> Overlays:
    with_kubernetes = [project for project in projects if project.options["kubernetes"]]
    chosen = some([project.options for project in with_kubernetes])
    return {
        (project.label, overlay): (project, build(project, overlay))
        for project in with_kubernetes
        if project.options in chosen
        for overlay in OVERLAYS
    }


def _written(overlays: Overlays, folder: Path) -> list[Path]:
    paths = []
    for (label, overlay), (_, manifests) in overlays.items():
        path = folder / f"{label}-{overlay}.yaml"
        path.write_text(yaml.dump_all(manifests, Dumper=yaml.CSafeDumper, sort_keys=False))
        paths.append(path)
    return paths
