"""Update one project again and again, each time killed (-9) at a later moment, and run the update again.

    python killing.py PROJECT

The moments are the command's own dealings with the files of the project. Each time a fresh copy of PROJECT is
made beside it. Prints a JSON list of [status of the second run, paths and digests afterwards]; the last one
was not killed, and was not run again.
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


def update(project: Path, moment: int) -> int:
    """Run the update in a process of its own; return its status, negative if it was killed."""
    child = os.fork()
    if child == 0:
        _run(project, moment)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _run(project: Path, moment: int) -> None:
    seen = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event.startswith(EVENTS) and (isinstance(arguments[0], int) or str(project) in str(arguments[0])):
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    os.chdir(project)
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - until the process ends
    sys.addaudithook(watch)
    os._exit(run(["update", "--json"]))


def digests(project: Path) -> dict[str, str]:
    """Every file of the project, with its mode and content."""
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
