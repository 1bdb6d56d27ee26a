"""Signals to server processes, and crashes of the database server."""

import os
import shlex
import signal
import subprocess

import pytest

needs_server = pytest.mark.skipif(
    "TEST_DATABASE_URL" not in os.environ, reason="embedded databases have no server; set TEST_DATABASE_URL"
)


def send_signal(parent: int, number: signal.Signals) -> None:
    """Send a signal to a process and to its children: the server's workers, which would survive it."""
    command = ["ps", "-A", "-o", "pid=", "-o", "ppid="]
    table = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in table.splitlines()]
    for process in (parent, *(child for child, its_parent in pairs if its_parent == parent)):
        os.kill(process, number)


def skip_without_crashes() -> None:
    """Skip the test if the database server cannot be crashed."""
    if not {"TEST_DATABASE_URL", "TEST_DATABASE_CRASH"} <= os.environ.keys():
        pytest.skip("set TEST_DATABASE_CRASH to a command that kills and restarts the server")


def crash_database() -> None:
    """Run the command in TEST_DATABASE_CRASH, which kills and restarts the server."""
    subprocess.run(shlex.split(os.environ["TEST_DATABASE_CRASH"]), check=True)
