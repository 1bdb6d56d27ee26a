"""Every variable that the deployment sets is read by the code, and every one that the code needs is set."""

from .checks import variables
from .checks.manifests import Manifest
from .projects import PROJECT, Project

CONNECTIONS = {"cache": ("memory", "CACHE_URL"), "observability": (False, "OTEL_EXPORTER_OTLP_ENDPOINT")}
"""Options whose component must be wired: the value that needs nothing, and the variable that wires it."""


def check(project: Project, found: set[str]) -> None:
    """All three ways in which code and deployment can disagree."""
    read = variables.read_by(project.folder / "src")
    assert variables.unread(found, read) == [], project.label
    assert variables.unset(found, read) == [], project.label
    expected = {name for option, (without, name) in CONNECTIONS.items() if project.options[option] != without}
    assert expected | {"DATABASE_URL"} <= found, project.label


def test_compose(projects: list[Project]) -> None:
    """The shop in compose."""
    for project in projects:
        check(project, variables.of_service(project.compose, "app"))


def test_kubernetes(overlays: dict[tuple[str, str], tuple[Project, list[Manifest]]]) -> None:
    """The shop in each overlay; its migrations need the database only."""
    for project, built in overlays.values():
        check(project, variables.of_container(built, f"Deployment/{PROJECT}/api"))
        read = variables.read_by(project.folder / "src")
        assert variables.unread(variables.of_container(built, f"Job/{PROJECT}-migrate/migrate"), read) == []


def test_the_code_is_really_read(projects: list[Project]) -> None:
    """The settings are found: without this, nothing would be required and all the rest would pass."""
    for project in projects:
        read = variables.read_by(project.folder / "src")
        assert "DATABASE_URL" in read
        needed = "SIGNING_KEYS" if project.options["auth"] == "jwt" else "OIDC_ISSUER"
        assert read[needed]
