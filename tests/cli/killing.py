"""Kill an update at each of its file operations, then update again.

    python killing.py PROJECT

Each time a fresh copy of PROJECT is updated and killed (SIGKILL) one file operation later. Prints a JSON list
of [status of the second update, digests of all files]; the last update was neither killed nor repeated.
"""

import hashlib
import json
import os
import shutil
import signal
import sys
from pathlib import Path

import blueprint.cli.update.flow  # noqa: F401 - load it once, before forking
from blueprint.cli.app import run

from .interrupting import EVENTS

NEVER = 1 << 30


def update(project: Path, operation: int) -> int:
    """Run the update in a child process, and return its status, negative if it was killed."""
    child = os.fork()
    if child == 0:
        _run(project, operation)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _run(project: Path, operation: int) -> None:
    seen = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event.startswith(EVENTS) and (isinstance(arguments[0], int) or str(project) in str(arguments[0])):
            seen += 1
            if seen == operation:
                os.kill(os.getpid(), signal.SIGKILL)

    os.chdir(project)
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - open until the process ends
    sys.addaudithook(watch)
    os._exit(run(["update", "--json"]))


def digests(project: Path) -> dict[str, str]:
    """Return mode and digest of every file of the project, by path."""
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
