"""The deployment sets exactly the variables that the code reads."""

import pytest

from .checks import variables
from .checks.manifests import Manifest
from .projects import PROJECT, Project
from .test_kubernetes import TAG

CONNECTIONS = {"cache": ("memory", "CACHE_URL"), "observability": (False, "OTEL_EXPORTER_OTLP_ENDPOINT")}
"""Options that need a variable: the value without a component, and the variable of the others."""


def read_by(project: Project) -> dict[str, bool]:
    """Return the variables that the shop reads, and whether each has to be set."""
    if project.in_python:
        return variables.read_by(project.folder / "src")
    return variables.read_by_spring(project.folder / "src/main/resources")


def check(project: Project, found: set[str]) -> None:
    """Return all differences between code and deployment."""
    read = read_by(project)
    assert variables.unread(found, read) == [], project.label
    assert variables.unset(found, read) == [], project.label
    expected = {name for option, (without, name) in CONNECTIONS.items() if project.options[option] != without}
    assert expected | {"DATABASE_URL"} <= found, project.label


def test_compose(projects: list[Project]) -> None:
    """The Compose file sets the variables that the shop reads."""
    for project in projects:
        check(project, variables.of_service(project.compose, "app"))


@pytest.mark.slow
def test_kubernetes(overlays: dict[tuple[str, str], tuple[Project, list[Manifest]]]) -> None:
    """Each overlay sets the variables that the shop reads; migrations need only the database."""
    for (_, overlay), (project, built) in overlays.items():
        check(project, variables.of_container(built, f"Deployment/{PROJECT}/api"))
        read = read_by(project)
        job = f"{PROJECT}-migrate-{TAG}" if overlay == "production" else f"{PROJECT}-migrate"
        assert variables.unread(variables.of_container(built, f"Job/{job}/migrate"), read) == []


def test_settings_are_found_in_the_code(projects: list[Project]) -> None:
    """Settings are found in the code; otherwise the other tests would require nothing."""
    for project in projects:
        read = read_by(project)
        assert "DATABASE_URL" in read
        needed = "SIGNING_KEYS" if project.options["auth"] == "jwt" else "OIDC_ISSUER"
        assert read[needed]
