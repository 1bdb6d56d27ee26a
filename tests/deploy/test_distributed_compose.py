"""The Compose file of a distributed shop starts every service, each with only its own settings."""

import re
from typing import Any

import pytest

from . import architecture
from .checks import compose
from .projects import EVENT_DRIVEN, Project


def test_services_are_those_chosen(distributed: list[Project]) -> None:
    """The Compose file has each service, its migration, and each component, and no others."""
    for project in distributed:
        expected = {"edge", "database", *architecture.processes(project)}
        if architecture.event_services(project):
            expected |= {"broker", "topics"}
        expected |= {f"{name}-migrate" for name in architecture.hosts(architecture.stateful(project))}
        if project.options["cache"] != "memory":
            expected.add("cache")
        if project.options["auth"] == "oauth2":
            expected.add("keycloak")
        if project.options["observability"]:
            expected |= {"collector", "jaeger", "prometheus", "grafana"}
        assert project.compose["services"].keys() == expected, project.label


def test_common_checks_of_compose_files_pass(distributed: list[Project]) -> None:
    """The checks of the monolith's Compose file also pass for distributed shops."""
    for project in distributed:
        assert compose.hardening(project.compose) == [], project.label
        assert compose.health(project.compose) == [], project.label
        assert compose.builds(project.compose) == [], project.label
        assert compose.exposure(project.compose) == [], project.label
        assert compose.references(project.compose, project.files) == [], project.label


def test_secrets_come_from_the_env_file(distributed: list[Project]) -> None:
    """Secrets come from .env; all its variables are used or derive public keys."""
    for project in distributed:
        documented = project.variables("deploy/env.example").keys() - {"COMPOSE_PROJECT_NAME"}
        assert compose.secrets(project.compose, documented) == [], project.label
        assert "deploy/.env" not in project.files


def test_services_do_not_share_credentials(distributed: list[Project]) -> None:
    """Only a service and the database server get its password; only the service gets its key."""
    for project in distributed:
        for name in architecture.services(project):
            own = {host for host, service in architecture.processes(project).items() if service == name}
            own.add(f"{architecture.host(name)}-migrate")
            password = f"{name.upper()}_DATABASE_PASSWORD"
            stateful = name in architecture.stateful(project)
            assert _users(project, password) == (own | {"database"} if stateful else set())
            assert _users(project, f"{name.upper()}_SERVICE_KEY") <= own


def test_every_public_key_follows_its_service_key(distributed: list[Project]) -> None:
    """Each public key in env.example follows the service key that it is derived from."""
    for project in distributed:
        names = list(project.variables("deploy/env.example"))
        public = [name for name in names if name.endswith("_PUBLIC_KEY")]
        callers = {caller for caller, _ in architecture.direct_calls(project)}
        assert {name.removesuffix("_PUBLIC_KEY").lower() for name in public} == callers
        for name in public:
            assert names[names.index(name) - 1] == name.replace("PUBLIC", "SERVICE")


def test_each_service_has_its_own_image(distributed: list[Project]) -> None:
    """Each service is built from its own sources, once, and its worker and migration use the same image."""
    for project in distributed:
        built = {
            each["image"]: each["build"]["args"]
            for each in project.compose["services"].values()
            if "build" in each
        }
        for host, name in architecture.processes(project).items():
            service = project.compose["services"][host]
            assert built[service["image"]] == {"SERVICE": name}
            if name in architecture.stateful(project):
                migration = project.compose["services"][f"{architecture.host(name)}-migrate"]
                assert (migration["image"], migration["command"]) == (service["image"], ["migrate"])
        assert len(built) == len(architecture.services(project))


def test_sizes_come_from_the_options(distributed: list[Project]) -> None:
    """Sizes come from the options, and the database allows the connections of all services."""
    for project in distributed:
        catalog = project.compose["services"]["catalog"]["deploy"]
        assert catalog == {"replicas": 2, "resources": {"limits": {"cpus": "0.25", "memory": "256M"}}}
        command = str(project.compose["services"]["database"]["command"])
        (limit,) = re.findall(r"max.connections=(\d+)", command)
        assert int(limit) > architecture.connections(project)


@EVENT_DRIVEN
def test_workers_are_the_same_program_in_another_role(distributed: list[Project]) -> None:
    """The API process serves requests and the worker handles events, from the same image."""
    for project in distributed:
        services = project.compose["services"]
        for host, name in architecture.processes(project).items():
            role = services[host]["environment"].get("ROLE")
            assert role == (_role(host) if name in architecture.workers(project) else None), host
            if _role(host) == "worker":
                assert services[host]["networks"] == ["back"]
                other = services.get(architecture.host(name), services[host])
                assert services[host]["image"] == other["image"]
                assert services[host]["environment"] == other["environment"] | {"ROLE": "worker"}


@EVENT_DRIVEN
def test_event_services_wait_for_the_topics(distributed: list[Project]) -> None:
    """Topics are created once the broker is ready, and only event services get its address."""
    for project in distributed:
        services = project.compose["services"]
        assert services["topics"]["depends_on"] == {"broker": {"condition": "service_healthy"}}
        waiting = {name for name, each in services.items() if "topics" in each.get("depends_on", {})}
        told = {name for name, each in services.items() if "BUS_URL" in each.get("environment", {})}
        event_services = architecture.event_services(project)
        expected = {host for host, name in architecture.processes(project).items() if name in event_services}
        assert waiting == told - {"topics"} == expected


@EVENT_DRIVEN
def test_topics_have_the_planned_partitions(distributed: list[Project]) -> None:
    """Topics have the partitions of the options, and each group has a retry topic for each delay."""
    for project in distributed:
        services = project.compose["services"]
        environment = services["topics"]["environment"]
        assert environment["BUS_PARTITIONS"] == "6"
        delays = {each["environment"]["BUS_RETRY_DELAYS"] for each in services.values() if _on_bus(each)}
        assert delays == {environment["BUS_RETRY_DELAYS"]}


def test_both_generations_of_compose_accept_the_file(distributed: list[Project]) -> None:
    """The file uses only features of both generations."""
    for project in distributed:
        assert compose.old_syntax(project.compose) == []


@pytest.mark.thorough
def test_compose_accepts_the_files(distributed: list[Project]) -> None:
    """The installed Compose merges the files of `make up`: orders can audit the services it names."""
    for project in distributed:
        services = compose.merged(project.folder / "deploy")["services"]
        audited = {name for name, each in services.items() if "AUDIT_ENABLED" in each.get("environment", {})}
        variables = services["orders"]["environment"]
        assert audited > {"orders"}
        for host in audited - {"orders"}:
            assert "orders=" in services[host]["environment"]["CALLERS"], host
            assert variables[f"{host.removesuffix('-worker').upper()}_URL"] == f"http://{host}:8000"


def _users(project: Project, variable: str) -> set[str]:
    """Return the services that get a variable of .env."""
    return {name for name, each in project.compose["services"].items() if f"${{{variable}:" in str(each)}


def _role(host: str) -> str:
    return "worker" if host.endswith("-worker") else "api"


def _on_bus(service: dict[str, Any]) -> bool:
    return "BUS_URL" in service.get("environment", {})
