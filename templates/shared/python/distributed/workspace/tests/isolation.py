"""Isolated services: only the libraries and the service's own code are on Python's path."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).parent.parent


def run_isolated(
    service: str, variables: Mapping[str, str], *command: str | Path, sources: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Python with only the service on its path; `sources` replaces the service's own folder."""
    own = sources or PROJECT / "services" / service / "src"
    path = os.pathsep.join(map(str, [PROJECT / "libs/src", own]))
    return subprocess.run(
        [sys.executable, *command],
        env={**variables, "PYTHONPATH": path},
        cwd=own,
        capture_output=True,
        text=True,
        check=False,
    )
