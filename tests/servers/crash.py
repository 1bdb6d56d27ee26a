"""Crash the PostgreSQL or MariaDB on a port, which then restarts: `python crash.py PORT`."""

import os
import shlex
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

DOWN_SECONDS = 3.0
RECOVERY_SECONDS = 120.0


def crashable(url: str) -> dict[str, str]:
    """Return the variables that tell a generated project its database and the command to crash it."""
    command = [sys.executable, __file__, str(urlsplit(url).port)]
    return {"TEST_DATABASE_URL": url, "TEST_DATABASE_CRASH": shlex.join(command)}


def main(port: str) -> None:
    """Crash the server; it then recovers from its log."""
    # -ww: do not truncate lines to COLUMNS.
    ps = ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="]
    table = subprocess.run(ps, capture_output=True, text=True, check=True).stdout
    processes = [line.split() for line in table.splitlines()]
    mariadb = [int(pid) for pid, _, *command in processes if _is_mariadb(command, port)]
    if mariadb:
        # The shell that started it starts it again.
        os.kill(mariadb[0], signal.SIGKILL)
    else:
        _crash_postgresql(processes, port)


def _crash_postgresql(processes: list[list[str]], port: str) -> None:
    """Kill all child processes of the server, which makes it restart them."""
    parents = {int(pid): int(parent) for pid, parent, *command in processes if _serves(command, port)}
    # A child that has just been forked still has the server's command line.
    [server] = parents.keys() - {pid for pid, parent in parents.items() if parent in parents}
    # A stopped server restarts no children, and nobody can connect.
    os.kill(server, signal.SIGSTOP)
    try:
        for pid, parent, *_ in processes:
            if int(parent) == server:
                # A backend of a client may have ended already.
                with suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
        time.sleep(DOWN_SECONDS)
    finally:
        os.kill(server, signal.SIGCONT)
    # The next crash must not hit a server that recovers from this one: without its startup process, it ends.
    [binary] = {command[0] for pid, _, *command in processes if int(pid) == server}
    _wait_until_ready(Path(binary).parent / "pg_isready", port)


def _wait_until_ready(pg_isready: Path, port: str) -> None:
    deadline = time.monotonic() + RECOVERY_SECONDS
    while subprocess.run(
        [pg_isready, "-q", "-h", "127.0.0.1", "-p", port, "-U", "shop"], check=False
    ).returncode:
        if time.monotonic() > deadline:
            raise TimeoutError(f"PostgreSQL on port {port} did not recover within {RECOVERY_SECONDS:.0f} s")
        time.sleep(0.05)


def _is_mariadb(command: list[str], port: str) -> bool:
    return command[0].endswith("/mariadbd") and f"--port={port}" in command


def _serves(command: list[str], port: str) -> bool:
    return command[3:5] == ["-p", port] and command[0].endswith("/postgres")


if __name__ == "__main__":
    main(sys.argv[1])
