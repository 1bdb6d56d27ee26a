"""Generate a shop and run its commands."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from blueprint.patterns import Value, check_answers, find_pattern
from blueprint.render import render
from tests.servers.process import REQUIRED

from .environment import ROOT
from .projects import PROJECT, write

PACKAGE = PROJECT.replace("-", "_")
REMOVED_VARIABLES = {"VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTEST_ADDOPTS"}
# Without bytecode, each of many processes would compile its libraries again.
REMOVED_VARIABLES |= {"PYTHONDONTWRITEBYTECODE"}
SECONDS = 5400
"""Timeout of a command: a suite of many processes on a busy machine takes long."""


def shop(pattern: str, folder: Path, options: Mapping[str, Value]) -> Path:
    """Generate a shop of a pattern with these options in `folder`, and return the folder."""
    found = find_pattern(pattern)
    return write(render(found, check_answers(found, PROJECT, options)).tree, folder)


def variables_without_tools() -> dict[str, str]:
    """Return the environment variables without this process's Python and make variables."""
    return {name: value for name, value in os.environ.items() if name not in REMOVED_VARIABLES}


def run(
    command: list[str], project: Path, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command in the project with `variables`, without this process's Python and make variables."""
    inherited = variables_without_tools()
    # Projects share their libraries, so share the cache; one per worker, as mypy's is not concurrent.
    inherited["MYPY_CACHE_DIR"] = str(ROOT / "build/mypy" / os.environ.get("PYTEST_XDIST_WORKER", "one"))
    if REQUIRED:
        inherited["TEST_REQUIRE_BROWSER"] = "1"
    return subprocess.run(
        command,
        cwd=project,
        env=inherited | dict(variables or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=SECONDS,
    )


def commit(project: Path) -> None:
    """Make the project a git repository with one commit, as a team does first."""
    user = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    for command in (("init",), ("add", "--all"), (*user, "commit", "--message", "Add the shop")):
        done = run(["git", *command], project)
        assert done.returncode == 0, end_of(done)


def end_of(done: subprocess.CompletedProcess[str]) -> str:
    """Return the end of the output, which shows why a command failed."""
    return done.stdout[-6000:]
