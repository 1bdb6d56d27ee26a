"""The Compose file starts every chosen component, hardened, and exposes only the edge."""

import re

import pytest

from . import architecture
from .checks import compose
from .projects import Project


def test_services_are_those_chosen(projects: list[Project]) -> None:
    """The Compose file has a service for each chosen component, and no others."""
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
    """Every service is read-only, unprivileged, limited in resources, and pinned."""
    for project in projects:
        assert compose.hardening(project.compose) == [], project.label


def test_servers_have_health_checks(projects: list[Project]) -> None:
    """Each server has a health check, jobs have none, and every service waits for its dependencies."""
    for project in projects:
        assert compose.health(project.compose) == [], project.label


def test_only_the_edge_is_exposed(projects: list[Project]) -> None:
    """Only the edge has a port, on the loopback address, and it cannot reach the databases."""
    for project in projects:
        assert compose.exposure(project.compose) == [], project.label


def test_references_exist(projects: list[Project]) -> None:
    """Networks, volumes and mounted files exist and are used."""
    for project in projects:
        assert compose.references(project.compose, project.files) == [], project.label


def test_secrets_come_from_the_env_file(projects: list[Project]) -> None:
    """Secrets come from .env, which has the variables of env.example and is ignored by git."""
    for project in projects:
        example, secret = project.variables("deploy/env.example"), project.variables("deploy/.env")
        documented = example.keys() - {"COMPOSE_PROJECT_NAME"}
        assert compose.secrets(project.compose, documented) == [], project.label
        assert secret.keys() == example.keys()
        assert all(secret.values())


def test_sizes_come_from_the_options(projects: list[Project]) -> None:
    """Sizes come from the options, and the database allows the connections of all copies."""
    for project in projects:
        deploy = project.compose["services"]["app"]["deploy"]
        # A JVM compiles code while it starts, so its limit is not that of the steady state.
        cpus, memory = ("0.5", "384M") if project.in_python else ("2.0", "512M")
        assert deploy == {"replicas": 2, "resources": {"limits": {"cpus": cpus, "memory": memory}}}
        command = str(project.compose["services"]["database"]["command"])
        (limit,) = re.findall(r"max.connections=(\d+)", command)
        assert int(limit) > architecture.connections(project)


def test_mysql_grants_every_schema(projects: list[Project]) -> None:
    """MySQL grants exactly the schemas that the code uses."""
    for project in projects:
        if project.options["database"] == "mysql":
            sources = [path.read_text() for path in (project.folder / "src").rglob("tables.py")]
            schemas = {name for text in sources for name in re.findall(r'schema_of\("(\w+)"\)', text)}
            schemas |= {path.name for path in project.folder.glob("src/main/resources/db/*/")}
            grants = re.findall(r"ON `(\w+)`", project.text("deploy/mysql/grants.sql"))
            assert sorted(grants) == sorted(schemas)


def test_both_generations_of_compose_accept_the_file(projects: list[Project]) -> None:
    """The file uses only features of both generations."""
    for project in projects:
        assert compose.old_syntax(project.compose) == []


def test_each_image_is_built_once(projects: list[Project]) -> None:
    """The shop and its migration use one image, which is built once and never pulled."""
    for project in projects:
        assert compose.builds(project.compose) == []


@pytest.mark.thorough
def test_compose_accepts_the_files(projects: list[Project]) -> None:
    """The installed Compose merges the files of `make up`: the shop can be audited, and limits no client."""
    for project in projects:
        app = compose.merged(project.folder / "deploy")["services"]["app"]
        assert app["environment"]["AUDIT_ENABLED"] == "true"
        assert {"DATABASE_URL", "ORDERS_PER_USER"} <= app["environment"].keys()
        # The image of the Python shop leaves out the audit.
        mounted = ["/opt/src/proof"] if project.in_python else []
        assert [volume.split(":")[1] for volume in app.get("volumes", [])] == mounted
