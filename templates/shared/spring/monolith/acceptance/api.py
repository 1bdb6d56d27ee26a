"""`python -m acceptance.api`: compare the shop's answers with its OpenAPI document, by Schemathesis.

SCHEMATHESIS_SECONDS=120 tests it for longer than 20 seconds.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from .client import connect
from .identity import discover
from .target import add_target, exit_code

PROJECT = Path(__file__).parent.parent
SECONDS = os.environ.get("SCHEMATHESIS_SECONDS", "20")


def main() -> int:
    """Send valid and invalid requests as the administrator; return 0 if all answers are as documented."""
    parser = argparse.ArgumentParser(prog="python -m acceptance.api", description=__doc__)
    add_target(parser)
    options = parser.parse_args()
    with connect(options.base_url) as http:
        request = discover(http).sign_in(options.admin).build("GET", "/openapi.json")
    token = f"Authorization: {request.headers['Authorization']}"
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", str(request.url), "--header", token,
        "--max-time", SECONDS, "--phases", "coverage,fuzzing", "--max-examples", "1000",
        "--continue-on-failure", "--no-color",
    ]  # fmt: skip
    # The settings are in schemathesis.toml.
    environment = {**os.environ, "NO_PROXY": "127.0.0.1"}
    return subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(exit_code(main))
