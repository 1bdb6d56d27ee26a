"""The compose file starts every chosen component, hardened, and opens nothing but the edge."""

import re
import shutil
import subprocess

import pytest

from .checks import compose
from .projects import Project

IMAGE_HAS_ONE = ("app", "migrate")
"""Services of the image whose Dockerfile has a HEALTHCHECK."""


def test_services_are_those_chosen(projects: list[Project]) -> None:
    """Each component has its service, and there is no other."""
    for project in projects:
        expected = {"edge", "app", "migrate", "database"}
        if project.options["cache"] != "memory":
            expected.add("cache")
        if project.options["auth"] == "oauth2":
            expected.add("keycloak")
        if project.options["observability"]:
            expected |= {"collector", "jaeger", "prometheus", "grafana"}
        assert project.compose["services"].keys() == expected


def test_services_are_hardened(projects: list[Project]) -> None:
    """Read-only, without capabilities, without new privileges, limited and pinned."""
    for project in projects:
        assert compose.hardening(project.compose) == [], project.label


def test_services_are_watched(projects: list[Project]) -> None:
    """Each server has a health check, no job has one, and everything waits for what it needs."""
    for project in projects:
        assert compose.health(project.compose, IMAGE_HAS_ONE) == [], project.label


def test_only_the_edge_is_open(projects: list[Project]) -> None:
    """One port, on the loopback address; the edge cannot reach the data."""
    for project in projects:
        assert compose.exposure(project.compose) == [], project.label


def test_references_exist(projects: list[Project]) -> None:
    """Networks, volumes and mounted files are there and used."""
    for project in projects:
        assert compose.references(project.compose, project.files) == [], project.label


def test_secrets_are_elsewhere(projects: list[Project]) -> None:
    """Secrets come from .env, which holds exactly what env.example explains, and git never sees it."""
    for project in projects:
        example, secret = project.variables("deploy/env.example"), project.variables("deploy/.env")
        documented = example.keys() - {"COMPOSE_PROJECT_NAME"}
        assert compose.secrets(project.compose, documented) == [], project.label
        assert secret.keys() == example.keys()
        assert all(secret.values())


def test_sizes_come_from_the_options(projects: list[Project]) -> None:
    """What the recommender sizes is what is started."""
    for project in projects:
        deploy = project.compose["services"]["app"]["deploy"]
        assert deploy == {"replicas": 2, "resources": {"limits": {"cpus": "0.5", "memory": "384M"}}}


def test_mysql_lets_every_context_have_its_schema(projects: list[Project]) -> None:
    """Each schema that the code names is granted, and no other."""
    for project in projects:
        if project.options["database"] == "mysql":
            sources = [path.read_text() for path in (project.folder / "src").rglob("tables.py")]
            schemas = {name for text in sources for name in re.findall(r'schema_of\("(\w+)"\)', text)}
            grants = re.findall(r"ON `(\w+)`", project.text("deploy/mysql/grants.sql"))
            assert sorted(grants) == sorted(schemas)


def test_both_generations_of_compose_take_it(projects: list[Project]) -> None:
    """Nothing that only one of them knows; and the program itself, where there is one, reads the file."""
    for project in projects:
        assert compose.old_syntax(project.compose) == []
    command = shutil.which("docker-compose")
    if command is None:
        pytest.skip("docker-compose is not installed")
    for project in projects:
        result = subprocess.run(
            [command, "config", "--quiet"],
            cwd=project.folder / "deploy",
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr
