"""Services in Java: code and deployment agree on variables, and the image fits what runs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.generated.combinations import Combination
from tests.generated.projects import tree_of, write

from . import architecture
from .checks import references, variables
from .checks.manifests import pinned
from .projects import DISTRIBUTED, OVERLAYS, Project, build
from .test_distributed_kubernetes import workload
from .test_image import instructions
from .test_kubernetes import TAG


def read_by(project: Project, service: str) -> dict[str, bool]:
    """Return the variables that a service reads, and whether each has to be set."""
    own = project.folder / "services" / service / "src/main/resources"
    folders = (project.folder / "chassis/src/main/resources", own, own / "config")
    return {name: required for each in folders for name, required in variables.read_by_spring(each).items()}


def check(project: Project, service: str, found: set[str]) -> None:
    """Compare what a service reads with what its container has."""
    read = read_by(project, service)
    assert variables.unread(found, read) == [], (project.label, service)
    assert variables.unset(found, read) == [], (project.label, service)
    assert ("DATABASE_URL" in found) == (service in architecture.stateful(project))
    assert ("BUS_URL" in found) == (service in architecture.event_services(project))
    assert ("ROLE" in found) == (service in architecture.workers(project))
    assert ("OTEL_EXPORTER_OTLP_ENDPOINT" in found) == project.options["observability"]
    called = {provider for caller, provider in architecture.calls(project) if caller == service}
    addresses = {name for name in found if name.endswith("_URL")} & {
        f"{name.upper()}_URL" for name in architecture.services(project)
    }
    assert addresses == {f"{name.upper()}_URL" for name in called}
    assert ("SERVICE_KEY" in found) == any(
        service == caller for caller, _ in architecture.direct_calls(project)
    )


def test_compose(spring_services: list[Project]) -> None:
    """The Compose file sets the variables that each service reads; migrations need only the database."""
    for project in spring_services:
        for process, service in architecture.processes(project).items():
            found = variables.of_service(project.compose, process)
            check(project, service, found)
            assert ("CACHE_URL" in found) == (service in architecture.cached(project))
        for service in architecture.stateful(project):
            migration = f"{architecture.host(service)}-migrate"
            assert variables.of_service(project.compose, migration) == {"DATABASE_URL"}


@pytest.mark.parametrize(
    "contexts", [["identity"], ["identity", "catalog", "inventory", "cart", "orders", "payments"]]
)
@pytest.mark.parametrize("pattern", DISTRIBUTED)
def test_content_has_its_variables(pattern: str, contexts: list[str], tmp_path: Path) -> None:
    """The service of articles reads what its container has, with a shop and without one."""
    options: Combination = {"stack": "spring", "content": True, "contexts": contexts}
    project = Project(options, write(tree_of(options, pattern=pattern), tmp_path), pattern)
    found, read = variables.of_service(project.compose, "content"), read_by(project, "content")
    assert variables.unread(found, read) == []
    assert variables.unset(found, read) == []
    assert {"ARTICLES_URL", "CACHE_URL", "DATABASE_URL", "IDENTITY_URL"} <= found
    assert ("BUS_URL" in found) == (pattern == "event-driven")
    assert variables.of_service(project.compose, "content-migrate") == {"DATABASE_URL"}


def test_the_trial_mounts_nothing(spring_services: list[Project]) -> None:
    """The audit is a part of the programs, which a variable enables."""
    for project in spring_services:
        read = {name for service in architecture.services(project) for name in read_by(project, service)}
        for name, service in project.trial["services"].items():
            if name != "edge":
                assert "volumes" not in service
                assert service["environment"].keys() <= read


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pattern", "auth"), [(pattern, auth) for pattern in DISTRIBUTED for auth in ("jwt", "oauth2")]
)
def test_kubernetes(spring_services: list[Project], pattern: str, auth: str) -> None:
    """Each overlay sets the variables that each service reads, and its references exist."""
    wanted = {"kubernetes": True, "auth": auth}
    project = next(
        each for each in spring_services if each.pattern == pattern and wanted.items() <= each.options.items()
    )
    for overlay in OVERLAYS:
        built = build(project, overlay)
        for checked in (references.selectors, references.services, references.volumes, references.probes):
            assert checked(built) == []
        for process, service in architecture.processes(project).items():
            answers = process == architecture.host(service)
            container = "api" if answers else "worker"
            found = variables.of_container(built, f"Deployment/{workload(process)}/{container}")
            check(project, service, found)
            assert ("CACHE_URL" in found) == (answers and service in architecture.cached(project))
        for service in architecture.stateful(project):
            migration = f"{architecture.host(service)}-migrate"
            job = f"{migration}-{TAG}" if overlay == "production" else migration
            assert variables.of_container(built, f"Job/{job}/migrate") == {"DATABASE_URL"}


def test_the_image_has_the_cache_of_what_it_runs(spring_services: list[Project]) -> None:
    """It is trained in the last stage, with its options, and with the class path as the program names it."""
    for project in spring_services:
        steps = instructions(project)
        assert all(pinned(rest.split()[0]) for word, rest in steps if word == "FROM")
        last = steps[max(number for number, (word, _) in enumerate(steps) if word == "FROM") :]
        words = [word for word, _ in last]
        (training,) = (rest for word, rest in last if word == "RUN")
        assert words.index("ENV") < words.index("RUN") < words.index("USER")
        assert re.search(r"java -XX:AOTCacheOutput=service\.aot \S+ -jar service\.jar serve", training)
        assert dict(last)["ENTRYPOINT"] == '["java", "-XX:AOTCache=service.aot", "-jar", "service.jar"]'
        assert dict(last)["USER"] == "10001:10001"


def test_what_the_image_copies_is_in_the_context(spring_services: list[Project]) -> None:
    """The build context is an allowlist, and has what the first stage copies."""
    for project in spring_services:
        rules = [line for line in project.text(".dockerignore").splitlines() if line and line[0] != "#"]
        assert rules[0] == "*"
        allowed = tuple(rule[1:] for rule in rules if rule.startswith("!"))
        copied = list(sources(project))
        assert all((project.folder / path).exists() for path in copied)
        assert [path for path in copied if not path.startswith(allowed)] == []
        assert "**/src/test" in rules


def sources(project: Project) -> Iterator[str]:
    """Yield the paths that the Dockerfile copies from the context, for the image of the orders."""
    for word, rest in instructions(project):
        if word == "COPY" and not rest.startswith("--from"):
            yield from (path.replace("${SERVICE}", "orders").rstrip("/") for path in rest.split()[:-1])


def test_each_service_key_is_followed_by_its_public_part(spring_services: list[Project]) -> None:
    """The script that fills the file makes both at once."""
    for project in spring_services:
        lines = project.text("deploy/env.example").splitlines()
        keys = [number for number, line in enumerate(lines) if line.endswith("_SERVICE_KEY=")]
        assert len(keys) == len({caller for caller, _ in architecture.direct_calls(project)})
        for number in keys:
            assert lines[number + 1] == lines[number].replace("_SERVICE_", "_PUBLIC_")
