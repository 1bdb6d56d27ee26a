"""Make a shop, and run its own commands in it."""

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
OURS = {"VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
SECONDS = 1800
"""How long whole suites of many processes may take, on a machine that has other things to do."""


def shop(pattern: str, folder: Path, options: Mapping[str, Value]) -> Path:
    """Write a shop of that pattern with these options into the folder, and return the folder."""
    found = find_pattern(pattern)
    return write(render(found, check_answers(found, PROJECT, options)).tree, folder)


def run(
    command: list[str], project: Path, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command in the project, with no variables of ours but `variables`."""
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    # The libraries are the same files in all projects; one cache per worker, since mypy's is for one process.
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


def end_of(done: subprocess.CompletedProcess[str]) -> str:
    """What it said at last: enough to see why it failed."""
    return done.stdout[-6000:]
