"""A generated shop under load behind its edge: evaluate, then recommend, then a new shop."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.generated.combinations import Combination
from tests.generated.environment import python_for_all
from tests.generated.running import shop

from . import edges
from .architecture import host
from .clients import wait_for
from .projects import Project
from .test_edge_with_the_shop import PACKAGE, copy, environment

RATE, SECONDS = 40, 10
ADMIN = {"ADMIN_EMAIL": "admin@example.com", "ADMIN_PASSWORD": "correct-horse-battery"}
WORKSPACE = """
import json, os, sys
from pathlib import Path
from dev.workspace import Workspace
with Workspace(Path("var"), dict(os.environ)).running() as workspace:
    print(json.dumps(workspace.urls), flush=True)
    sys.stdin.read()
"""
"""Runs all services of a shop until its input ends, and prints their addresses."""


def blueprint(folder: Path, *arguments: str) -> Any:
    """Run a command with --json and return what it printed."""
    command = [sys.executable, "-m", "blueprint", *arguments, "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout)


@pytest.mark.thorough
@pytest.mark.parametrize(
    "pattern",
    [
        "monolith",
        pytest.param("microservices", marks=pytest.mark.long),
        pytest.param("event-driven", marks=pytest.mark.long),
    ],
)
def test_a_shop_under_load_is_evaluated(pattern: str, tmp_path: Path) -> None:
    """What the load test sent is what evaluate finds in the log, and a new shop follows from it."""
    options: Combination = {"load_balancer": "nginx", "auth": "jwt", "kubernetes": False}
    project = Project(options, shop(pattern, tmp_path / "project", options), pattern)
    log = tmp_path / "access.log"
    changes = [edges.NO_LIMIT["nginx"], (r"access_log /dev/stdout json", f"access_log {log} json")]
    serve = one_program if pattern == "monolith" else several_services
    with serve(project, tmp_path) as ports:
        text = project.text(edges.CONFIGURATION["nginx"])
        with edges.serve("nginx", text, ports, tmp_path, changes) as port:
            wait_for(port, seconds=30)
            sent = load(project, port)
    found = blueprint(tmp_path, "evaluate", "--access-log", str(log), "--save", "needs.yaml")
    measured = {each["input"]: each["estimate"] for each in found["measurements"]}
    orders = next(row for row in found["traffic"]["routes"] if row["route"] == "POST /v1/orders")
    recommended = blueprint(tmp_path, "recommend", "--needs", "needs.yaml", "--yes")
    created = blueprint(tmp_path, "new", "next-shop", "--needs", "needs.yaml", "--yes", "--no-git")

    assert found["traffic"]["broken_lines"] == 0
    assert orders["requests"] >= sent["operations"]["order"]["count"]
    assert orders["p95_ms"] > 0
    assert measured["peak_rps"] >= measured["mean_rps"] > 0
    assert 0.5 < measured["read_fraction"] < 1
    assert recommended["needs"]["mean_rps"] == pytest.approx(measured["mean_rps"], rel=1e-3)
    assert created["pattern"]["name"] == recommended["pattern"]


@contextmanager
def one_program(project: Project, folder: Path) -> Iterator[Mapping[str, list[int]]]:
    """Run a monolith, and yield its port by the name that its edge has for it."""
    env = environment(project, folder) | ADMIN
    migrate = [python_for_all(), "-m", f"{PACKAGE}.app", "migrate"]
    subprocess.run(migrate, env=env, cwd=folder, check=True, capture_output=True)
    with copy(project, folder, ADMIN) as (_, port):
        yield {"app": [port]}


@contextmanager
def several_services(project: Project, folder: Path) -> Iterator[Mapping[str, list[int]]]:
    """Run a distributed shop with embedded databases, and yield the port of each service by its host."""
    paths = [project.folder / "libs/src", project.folder]
    variables = project.variables(".env") | ADMIN | {"PYTHONPATH": os.pathsep.join(map(str, paths))}
    with (
        (folder / "services.log").open("w") as log,
        subprocess.Popen(
            [python_for_all(), "-c", WORKSPACE],
            cwd=project.folder,
            env={"PATH": os.environ["PATH"], **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        assert process.stdin
        assert process.stdout
        line = process.stdout.readline()
        assert line, (folder / "services.log").read_text()
        try:
            yield {host(name): [int(url.rpartition(":")[2])] for name, url in json.loads(line).items()}
        finally:
            process.stdin.close()


def load(project: Project, port: int) -> dict[str, Any]:
    """Run the load test of the project, and return its result."""
    command = [
        python_for_all(), "-m", "acceptance.load", "--json", "--base-url", f"http://127.0.0.1:{port}",
        "--admin", ":".join(ADMIN.values()), "--rate", str(RATE), "--seconds", str(SECONDS),
    ]  # fmt: skip
    env = {"PATH": os.environ["PATH"]}
    done = subprocess.run(command, cwd=project.folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result
