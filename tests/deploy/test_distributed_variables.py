"""Code and deployment of each service agree on variables and calls."""

import ast
import re

import pytest

from . import architecture
from .checks import variables
from .conftest import Overlays
from .projects import Project
from .test_distributed_kubernetes import workload
from .test_kubernetes import TAG
from .test_variables import CONNECTIONS


def check(project: Project, service: str, found: set[str]) -> None:
    """Return all differences between a service's code and its deployment."""
    read = variables.read_by_service(project.folder, service)
    assert variables.unread(found, read) == [], (project.label, service)
    assert variables.unset(found, read) == [], (project.label, service)
    assert ("DATABASE_URL" in found) == (service in architecture.stateful(project))
    assert ("BUS_URL" in found) == (service in architecture.event_services(project))
    assert ("ROLE" in found) == (service in architecture.workers(project))
    if project.options["observability"]:
        assert CONNECTIONS["observability"][1] in found


def test_compose(distributed: list[Project]) -> None:
    """The Compose file sets the variables that each service reads."""
    for project in distributed:
        for process, service in architecture.processes(project).items():
            found = variables.of_service(project.compose, process)
            check(project, service, found)
            assert ("CACHE_URL" in found) == (service in architecture.cached(project))
        for service in architecture.services(project):
            host = architecture.host(service)
            if service in architecture.stateful(project):
                migration = variables.of_service(project.compose, f"{host}-migrate")
                assert migration == {"DATABASE_URL"}


@pytest.mark.slow
def test_kubernetes(distributed_overlays: Overlays) -> None:
    """Each overlay sets the variables that each service reads."""
    for (_, overlay), (project, built) in distributed_overlays.items():
        for process, service in architecture.processes(project).items():
            answers = process == architecture.host(service)
            container = "api" if answers else "worker"
            found = variables.of_container(built, f"Deployment/{workload(process)}/{container}")
            check(project, service, found)
            assert ("CACHE_URL" in found) == (answers and service in architecture.cached(project))
        for service in architecture.services(project):
            host = architecture.host(service)
            if service in architecture.stateful(project):
                job = f"{host}-migrate-{TAG}" if overlay == "production" else f"{host}-migrate"
                migration = variables.of_container(built, f"Job/{job}/migrate")
                assert migration == {"DATABASE_URL"}


def test_calls_of_the_code_are_allowed(distributed: list[Project]) -> None:
    """The provider URLs in the settings are exactly the allowed calls."""
    for project in distributed:
        asked = variables.calls(project.folder, architecture.services(project))
        assert asked == architecture.calls(project), project.label


def test_providers_have_the_keys_of_their_callers(distributed: list[Project]) -> None:
    """Each provider gets the public keys of its callers, and no others."""
    for project in distributed:
        for service in architecture.services(project):
            hosts = (host for host, name in architecture.processes(project).items() if name == service)
            environment = project.compose["services"][next(hosts)]["environment"]
            callers = re.findall(r"(\w+)=\$\{(\w+)_PUBLIC_KEY", environment.get("CALLERS", ""))
            assert all(name.upper() == key for name, key in callers)
            expected = {
                caller for caller, provider in architecture.direct_calls(project) if provider == service
            }
            assert {name for name, _ in callers} == expected


@pytest.mark.slow
def test_urls_point_to_their_services(distributed: list[Project], distributed_overlays: Overlays) -> None:
    """`CATALOG_URL` is the address of catalog, in Compose and Kubernetes."""
    for project in distributed:
        for each in project.compose["services"].values():
            for name in architecture.services(project):
                url = each.get("environment", {}).get(f"{name.upper()}_URL")
                assert url in (None, f"http://{architecture.host(name)}:8000")
    for project, built in distributed_overlays.values():
        maps = [each["data"] for each in built if each["kind"] == "ConfigMap" and each.get("data")]
        for name in architecture.services(project):
            urls = {each[f"{name.upper()}_URL"] for each in maps if f"{name.upper()}_URL" in each}
            assert urls <= {f"http://{architecture.host(name)}-service"}


def test_schemas_of_the_code_are_granted(distributed: list[Project]) -> None:
    """MySQL grants each service the schemas (databases) that its code uses, and no others."""
    for project in distributed:
        if project.options["database"] != "mysql":
            continue
        script = project.text("deploy/mysql/databases.sh")
        granted = dict(re.findall(r'(?m)^account (\w+) "\$\w+" (.*)$', script))
        assert granted.keys() == set(architecture.stateful(project))
        for service, schemas in granted.items():
            sources = (project.folder / "services" / service / "src").rglob("tables.py")
            named = {name for path in sources for name in _schemas(path.read_text())}
            assert set(schemas.split()) == named, service


def test_settings_are_found_in_the_code(distributed: list[Project]) -> None:
    """Settings are found in the code; otherwise the other tests would require nothing."""
    for project in distributed:
        read = variables.read_by_service(project.folder, "orders")
        assert read["CATALOG_URL"]
        assert read["SERVICE_KEY"]
        assert "SIGNING_KEYS" not in read


def _schemas(source: str) -> set[str]:
    return {
        str(ast.literal_eval(node.args[0]))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "schema_of"
    }
