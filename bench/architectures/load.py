"""Load client of the generated project; it is the same for every pattern."""

import json
import os
import subprocess
from typing import Any

from tests.generated.environment import python_for_all

from .shops import ROOT, Running


def run(running: Running, *arguments: str) -> dict[str, Any]:
    """Load-test a shop and return the client's summary; latencies are in ms."""
    command = [python_for_all(), "-m", "acceptance.load", "--json", "--base-url", running.uncached]
    command += ["--admin", running.administrator, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "templates/shared")}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told
