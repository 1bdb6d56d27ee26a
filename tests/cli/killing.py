"""Kill a command that changes a project at each of its file operations, then run it again.

    python killing.py PROJECT COMMAND...

Each time COMMAND runs in a fresh copy of PROJECT and is killed (SIGKILL) one file operation later. Prints a
JSON list of [status of the second run, digests of all files]; the last run was neither killed nor repeated.
"""

import hashlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import blueprint.cli.new.into.flow
import blueprint.cli.update.flow  # noqa: F401
from blueprint.cli.app import run

from .interrupting import EVENTS

NEVER = 1 << 30


def run_killed(project: Path, command: Sequence[str], operation: int) -> int:
    """Run the command in a child process, and return its status, negative if it was killed."""
    child = os.fork()
    if child == 0:
        _run(project, command, operation)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _run(project: Path, command: Sequence[str], operation: int) -> None:
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
    os._exit(run([*command, "--json"]))


def digests(project: Path) -> dict[str, str]:
    """Return mode and digest of every file of the project, by path."""
    return {
        str(
            path.relative_to(project)
        ): f"{path.stat().st_mode:o} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in sorted(project.rglob("*"))
        if path.is_file()
    }


def main(original: Path, command: Sequence[str]) -> None:
    copy = original.with_name("copy")
    found: list[tuple[int, dict[str, str]]] = []
    killed = True
    while killed:
        shutil.copytree(original, copy)
        status = run_killed(copy, command, len(found) + 1)
        killed = status < 0
        if killed:
            status = run_killed(copy, command, NEVER)
        found.append((status, digests(copy)))
        shutil.rmtree(copy)
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
