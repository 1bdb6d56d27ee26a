"""An earlier commit of this repository, to measure it beside the present state."""

import io
import os
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent


def checkout(commit: str, folder: Path) -> Mapping[str, str]:
    """Write `commit` to `folder`; returns the environment variables with which Python runs that blueprint."""
    command = ["git", "archive", "--format=tar", commit, "blueprint", "templates"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return {"PYTHONPATH": str(folder), "PYTHONSAFEPATH": "1"}


def environment() -> dict[str, str]:
    """Return the environment of this process, in which Python stores bytecode, as in an installation."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
