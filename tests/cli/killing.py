"""Kill an update (SIGKILL) at each of its file operations in turn, and run it a second time.

    python -m tests.cli.killing PROJECT

Each round updates a fresh copy of PROJECT. Prints a JSON list with one [exit status, path to digest] for each
round: the status of the second run and the files after it. The last round was not killed and ran once.
"""

import hashlib
import json
import os
import shutil
import signal
import sys
from pathlib import Path

import blueprint.cli.update.flow  # noqa: F401 - loaded once, before the forks
from blueprint.cli.app import run

from .interrupting import EVENTS

NEVER = 1 << 30
"""An operation number that is never reached."""


def update(project: Path, kill_at: int) -> int:
    """Run the update in a child process; return its exit status, negative if it was killed."""
    child = os.fork()
    if child == 0:
        _run(project, kill_at)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _run(project: Path, kill_at: int) -> None:
    seen = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event.startswith(EVENTS) and (isinstance(arguments[0], int) or str(project) in str(arguments[0])):
            seen += 1
            if seen == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    os.chdir(project)
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - until the process ends
    sys.addaudithook(watch)
    os._exit(run(["update", "--json"]))


def digests(project: Path) -> dict[str, str]:
    """Path to mode and SHA-256 of every file of the project."""
    return {
        str(
            path.relative_to(project)
        ): f"{path.stat().st_mode:o} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in sorted(project.rglob("*"))
        if path.is_file()
    }


def main(original: Path) -> None:
    copy = original.with_name("copy")
    found: list[tuple[int, dict[str, str]]] = []
    killed = True
    while killed:
        shutil.copytree(original, copy)
        status = update(copy, len(found) + 1)
        killed = status < 0
        if killed:
            status = update(copy, NEVER)
        found.append((status, digests(copy)))
        shutil.rmtree(copy)
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
