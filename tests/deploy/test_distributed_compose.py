"""The compose file of a distributed shop starts every service, each with nothing but what is its own."""

import re
import shutil
import subprocess

import pytest

from . import architecture
from .checks import compose
from .projects import Project

NONE: tuple[str, ...] = ()
"""The image has no HEALTHCHECK that a service could inherit."""


def test_services_are_those_chosen(distributed: list[Project]) -> None:
    """Each service, with its migration if it has a database, and each component; there is no other."""
    for project in distributed:
        expected = {"edge", "database"} | architecture.hosts(architecture.services(project))
        expected |= {f"{name}-migrate" for name in architecture.hosts(architecture.stateful(project))}
        if project.options["cache"] != "memory":
            expected.add("cache")
        if project.options["auth"] == "oauth2":
            expected.add("keycloak")
        if project.options["observability"]:
            expected |= {"collector", "jaeger", "prometheus", "grafana"}
        assert project.compose["services"].keys() == expected, project.label


def test_it_is_hardened_watched_closed_and_whole(distributed: list[Project]) -> None:
    """What holds for the shop in one program holds for many."""
    for project in distributed:
        assert compose.hardening(project.compose) == [], project.label
        assert compose.health(project.compose, NONE) == [], project.label
        assert compose.exposure(project.compose) == [], project.label
        assert compose.references(project.compose, project.files) == [], project.label


def test_secrets_are_elsewhere(distributed: list[Project]) -> None:
    """Secrets come from .env; nothing writes that file but what derives the public keys."""
    for project in distributed:
        documented = project.variables("deploy/env.example").keys() - {"COMPOSE_PROJECT_NAME"}
        assert compose.secrets(project.compose, documented) == [], project.label
        assert "deploy/.env" not in project.files


def test_nobody_has_the_credentials_of_another(distributed: list[Project]) -> None:
    """A database password is known to its service and to the server; a key to its service alone."""
    for project in distributed:
        for name in architecture.services(project):
            own = {architecture.host(name), f"{architecture.host(name)}-migrate"}
            password = f"{name.upper()}_DATABASE_PASSWORD"
            stateful = name in architecture.stateful(project)
            assert _users(project, password) == (own | {"database"} if stateful else set())
            assert _users(project, f"{name.upper()}_SERVICE_KEY") <= own


def test_every_public_key_follows_its_key(distributed: list[Project]) -> None:
    """What is derived can be: the key that it belongs to stands above it."""
    for project in distributed:
        names = list(project.variables("deploy/env.example"))
        public = [name for name in names if name.endswith("_PUBLIC_KEY")]
        assert {name.removesuffix("_PUBLIC_KEY").lower() for name in public} == {"orders", "cart"}
        for name in public:
            assert names[names.index(name) - 1] == name.replace("PUBLIC", "SERVICE")


def test_each_service_is_built_as_itself(distributed: list[Project]) -> None:
    """Its sources, its image; its migration is the same image."""
    for project in distributed:
        for name in architecture.services(project):
            service = project.compose["services"][architecture.host(name)]
            assert service["build"]["args"] == {"SERVICE": name}
            if name in architecture.stateful(project):
                migration = project.compose["services"][f"{architecture.host(name)}-migrate"]
                assert (migration["image"], migration["command"]) == (service["image"], ["migrate"])
        images = [each["image"] for each in project.compose["services"].values() if "build" in each]
        assert len(set(images)) == len(architecture.services(project))


def test_sizes_come_from_the_options(distributed: list[Project]) -> None:
    """What the recommender sizes is what is started, and the database has connections for all of it."""
    for project in distributed:
        catalog = project.compose["services"]["catalog"]["deploy"]
        assert catalog == {"replicas": 2, "resources": {"limits": {"cpus": "0.25", "memory": "256M"}}}
        command = str(project.compose["services"]["database"]["command"])
        (limit,) = re.findall(r"max.connections=(\d+)", command)
        most = {"catalog": 6, "orders": 6}
        assert int(limit) > sum(most.get(name, 4) * 10 for name in architecture.stateful(project))


def test_both_generations_of_compose_take_it(distributed: list[Project]) -> None:
    """Nothing that only one of them knows; and the program itself, where there is one, reads the file."""
    for project in distributed:
        assert compose.old_syntax(project.compose) == []
    command = shutil.which("docker-compose")
    if command is None:
        pytest.skip("docker-compose is not installed")
    for project in distributed:
        example = project.text("deploy/env.example")
        (project.folder / "deploy/.env").write_text(re.sub(r"(?m)=$", "=x", example))
        result = subprocess.run(
            [command, "config", "--quiet"],
            cwd=project.folder / "deploy",
            capture_output=True,
            text=True,
            check=False,
        )
        (project.folder / "deploy/.env").unlink()
        assert result.returncode == 0, result.stderr


def _users(project: Project, variable: str) -> set[str]:
    """The services that are given a variable of .env."""
    return {name for name, each in project.compose["services"].items() if f"${{{variable}:" in str(each)}
