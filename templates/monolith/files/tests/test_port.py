"""Tests of a port that is already in use."""

import subprocess
from pathlib import Path

from .conftest import APP
from .processes import START_SECONDS, Process


def test_a_second_server_on_the_port_exits_with_a_message(
    environment: dict[str, str], shop: Process, tmp_path: Path
) -> None:
    port = shop.url.rpartition(":")[2]
    second = subprocess.run(
        [*APP, "serve", "--port", port],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
    )
    message = f"Cannot listen on port {port} of 127.0.0.1: it is in use."
    assert (second.returncode, second.stderr.partition(" Stop")[0]) == (1, message)
