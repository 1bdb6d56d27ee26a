"""Make a shop of microservices, and run `make` in it."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from blueprint.patterns import check_answers, find_pattern
from blueprint.render import render

from .combinations import Combination
from .projects import PROJECT, write

OURS = {"VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}


def shop(folder: Path, options: Combination) -> Path:
    """Write a shop with these options into the folder, and return the folder."""
    pattern = find_pattern("microservices")
    return write(render(pattern, check_answers(pattern, PROJECT, options)).tree, folder)


def run(
    command: list[str], project: Path, variables: Mapping[str, str], seconds: float
) -> subprocess.CompletedProcess[str]:
    """Run a command in the project, with no variables of ours but `variables`."""
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(
        command,
        cwd=project,
        env=inherited | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=seconds,
    )
