"""Run one command line again and again, each time with a signal at a later moment.

    python interrupting.py SIGNAL FOLDER ARGUMENT...

The moments are the command's own dealings with the disk (every file or folder that it makes, opens or renames
in FOLDER), so none is missed by luck. Prints a JSON list of [exit status, paths in FOLDER], one for each
moment; the last run saw no signal. FOLDER is emptied after each.
"""

import json
import os
import shutil
import sys
from pathlib import Path

import blueprint.cli.app
import blueprint.cli.new.flow  # noqa: F401 - both loaded once, before the forks
from blueprint.cli import main

OVER = 99
EVENTS = ("open", "os.", "shutil.")


def run_with_signal(number: int, moment: int, folder: Path, arguments: list[str]) -> None:
    """Never returns: ends the process as the command does, or with OVER if the moment did not come."""
    seen = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event.startswith(EVENTS) and (isinstance(arguments[0], int) or str(folder) in str(arguments[0])):
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), number)

    os.chdir(folder)
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - until the process ends
    sys.argv = ["blueprint", *arguments]
    sys.addaudithook(watch)
    try:
        main()
    except SystemExit as end:
        os._exit(int(str(end.code)) if seen >= moment else OVER)


def outcomes(number: int, folder: Path, arguments: list[str]) -> list[tuple[int, list[str]]]:
    """What became of each run, until one is over before its moment comes."""
    found: list[tuple[int, list[str]]] = []
    moment = 0
    while True:
        moment += 1
        child = os.fork()
        if child == 0:
            run_with_signal(number, moment, folder, arguments)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        left = [str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if path.is_file()]
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if status == OVER:
            return found
        found.append((status, left))


if __name__ == "__main__":
    print(json.dumps(outcomes(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])))
