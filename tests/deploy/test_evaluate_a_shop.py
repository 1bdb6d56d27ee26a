"""A generated shop under load behind its edge: evaluate, then recommend, then a new shop."""

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.generated.environment import python_for_all

from . import edges
from .clients import wait_for
from .projects import Project
from .test_edge_with_the_shop import PACKAGE, copy, environment

RATE, SECONDS = 40, 10


def blueprint(folder: Path, *arguments: str) -> Any:
    """Run a command with --json and return what it printed."""
    command = [sys.executable, "-m", "blueprint", *arguments, "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout)


@pytest.mark.thorough
def test_a_shop_under_load_is_evaluated(projects: list[Project], tmp_path: Path) -> None:
    """What the load test sent is what evaluate finds in the log, and a new shop follows from it."""
    project = next(
        each for each in projects if (each.options["load_balancer"], each.options["auth"]) == ("nginx", "jwt")
    )
    admin = {"ADMIN_EMAIL": "admin@example.com", "ADMIN_PASSWORD": "correct-horse-battery"}
    env = environment(project, tmp_path) | admin
    migrate = [python_for_all(), "-m", f"{PACKAGE}.app", "migrate"]
    subprocess.run(migrate, env=env, cwd=tmp_path, check=True, capture_output=True)
    log = tmp_path / "access.log"
    changes = [edges.NO_LIMIT["nginx"], (r"access_log /dev/stdout json", f"access_log {log} json")]
    with ExitStack() as stack:
        ports = [stack.enter_context(copy(project, tmp_path, admin))[1]]
        text = project.text(edges.CONFIGURATION["nginx"])
        port = stack.enter_context(edges.serve("nginx", text, ports, tmp_path, changes))
        wait_for(port, seconds=30)
        sent = load(project, port, env)
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


def load(project: Project, port: int, env: dict[str, str]) -> dict[str, Any]:
    """Run the load test of the project, and return its result."""
    command = [
        python_for_all(), "-m", "acceptance.load", "--json", "--base-url", f"http://127.0.0.1:{port}",
        "--admin", f"{env['ADMIN_EMAIL']}:{env['ADMIN_PASSWORD']}",
        "--rate", str(RATE), "--seconds", str(SECONDS),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=project.folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result
