"""Kill the PostgreSQL on a port and bring it back: `python crash.py PORT`."""

import os
import shlex
import signal
import subprocess
import sys
import time
from contextlib import suppress
from urllib.parse import urlsplit

DOWN_SECONDS = 3.0


def crashable(url: str) -> dict[str, str]:
    """The variables by which a generated project finds the PostgreSQL at `url`, and how to crash it."""
    command = [sys.executable, __file__, str(urlsplit(url).port)]
    return {"TEST_DATABASE_URL": url, "TEST_DATABASE_CRASH": shlex.join(command)}


def main(port: str) -> None:
    """Kill all processes that work for the server, as a crash would; it recovers from its log afterwards."""
    # In full, however narrow a terminal COLUMNS speaks of.
    ps = ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="]
    table = subprocess.run(ps, capture_output=True, text=True, check=True).stdout
    processes = [line.split() for line in table.splitlines()]
    parents = {int(pid): int(parent) for pid, parent, *command in processes if _serves(command, port)}
    # One that it has just started still goes by the same name.
    [server] = parents.keys() - {pid for pid, parent in parents.items() if parent in parents}
    # While it stands still, it does not start them again, and nobody can connect.
    os.kill(server, signal.SIGSTOP)
    try:
        for pid, parent, *_ in processes:
            if int(parent) == server:
                # One that worked for a client may have ended meanwhile.
                with suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
        time.sleep(DOWN_SECONDS)
    finally:
        os.kill(server, signal.SIGCONT)


def _serves(command: list[str], port: str) -> bool:
    return command[3:5] == ["-p", port] and command[0].endswith("/postgres")


if __name__ == "__main__":
    main(sys.argv[1])
