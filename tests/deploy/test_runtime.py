"""Deployments take what they need to know of the programs from the value `runtime` of the pattern."""

import re
from pathlib import PurePosixPath
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from blueprint.patterns import Pattern, check_answers, find_pattern, pattern_names
from blueprint.render import Tree, render

OTHER = {
    "language": "Other",
    "server": "Server",
    "idle_seconds": 89,
    "database_scheme": "database",
    "database_tls": "?ca=",
    "base_image": "example/runtime:1",
    "startup_seconds": 123,
    "startup_millicores": 2345,
    "scale_up_after_seconds": 67,
    "task_memory_mib": 345,
    "program": ["run", "shop"],
    "topics_program": ["run", "topics"],
}
PYTHON = re.compile(r"asyncpg|asyncmy|python:|python -m|\"python\"")


pytestmark = pytest.mark.slow


def rendered(pattern: Pattern) -> Tree:
    """Render a pattern with the answers that use most of the deployment."""
    return render(pattern, check_answers(pattern, "my-shop", {})).tree


def deployment(tree: Tree) -> dict[str, str]:
    """The texts of the deployment, without scripts and documentation of the project."""
    deployed = {path: file.text or "" for path, file in tree.items() if path.startswith("deploy/")}
    return {path: text for path, text in deployed.items() if PurePosixPath(path).suffix != ".md"}


@pytest.fixture(params=pattern_names())
def pattern(request: pytest.FixtureRequest) -> Pattern:
    """A built-in pattern whose programs need something else."""
    found = find_pattern(request.param)
    return replace(found, values={**found.values, "runtime": repr(OTHER)})


def test_another_runtime_leaves_nothing_of_python(pattern: Pattern) -> None:
    """With another `runtime`, no manifest, Compose file or variable names Python; only comments do."""
    found = {
        (path, line.strip())
        for path, text in deployment(rendered(pattern)).items()
        for line in text.splitlines()
        if PYTHON.search(line) and not line.lstrip().startswith("#")
    }
    assert found == set()


def test_the_values_of_another_runtime_are_used(pattern: Pattern) -> None:
    """Each key of `runtime` decides what the deployment says."""
    tree = rendered(pattern)
    compose = yaml.safe_load(tree["deploy/compose.yaml"].text or "")
    services: dict[str, Any] = compose["services"]
    urls = {each["environment"]["DATABASE_URL"] for each in services.values() if _has_database(each)}
    assert urls
    assert all(url.startswith("database://") for url in urls)
    tasks = [each for name, each in services.items() if name.endswith(("migrate", "topics"))]
    assert {each["deploy"]["resources"]["limits"]["memory"] for each in tasks} == {"345M"}
    assert (tree["Dockerfile"].text or "").count("FROM example/runtime:1") == 2

    manifests = "\n".join(deployment(tree).values())
    assert "failureThreshold: 123" in manifests
    assert "cpu: 2345m" in manifests
    assert "stabilizationWindowSeconds: 67" in manifests
    assert "memory: 345Mi" in manifests


def test_one_program_is_started_by_its_command() -> None:
    """The monolith's image, its migration and its guide name the program of `runtime`."""
    found = find_pattern("monolith")
    tree = rendered(replace(found, values={**found.values, "runtime": repr(OTHER)}))
    texts = {path: file.text or "" for path, file in tree.items()}
    assert 'CMD ["run", "shop", "serve", "--host", "0.0.0.0", "--port", "8000"]' in texts["Dockerfile"]
    assert 'command: ["run", "shop", "migrate"]' in texts["deploy/compose.yaml"]
    job = texts["deploy/kubernetes/base/migrate.yaml"]
    assert 'command: ["run", "shop", "migrate", "--wait", "300"]' in job
    assert "-- run shop seed" in texts["deploy/kubernetes/README.md"]


def test_topics_are_created_by_the_program_for_topics() -> None:
    """Compose and Kubernetes create topics with the same command."""
    found = find_pattern("event-driven")
    texts = deployment(rendered(replace(found, values={**found.values, "runtime": repr(OTHER)})))
    assert 'entrypoint: ["run", "topics"]\n    command: ["create-topics"]' in texts["deploy/compose.yaml"]
    broker = texts["deploy/kubernetes/overlays/development/broker.yaml"]
    assert 'command: ["run", "topics", "create-topics", "--wait", "300"]' in broker


def _has_database(service: dict[str, Any]) -> bool:
    return "DATABASE_URL" in service.get("environment", {})


@pytest.mark.parametrize("name", pattern_names())
def test_the_server_keeps_idle_connections_for_as_long_as_edges_expect(name: str) -> None:
    """A load balancer that keeps its connections for a shorter time sends nothing into a closing one."""
    found = find_pattern(name)
    tree = render(found, check_answers(found, "my-shop", {})).tree
    (server,) = (file.text or "" for path, file in tree.items() if path.endswith("chassis/serving/server.py"))
    (seconds,) = re.findall(r"(?m)^IDLE_SECONDS = (\d+)$", server)
    assert "header_read_timeout=IDLE_SECONDS * 1000" in server
    assert f"Shorter than the {seconds} s" in (tree["deploy/nginx/nginx.conf"].text or "")
