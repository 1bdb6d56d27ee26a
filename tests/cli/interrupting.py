"""Send a signal to one command line at each of its file operations, in one run after the other.

    python -m tests.cli.interrupting SIGNAL FOLDER ARGUMENT...

Each run gets the signal one operation later: creating, opening or renaming a file or folder in FOLDER. This
covers every moment without timing. Prints a JSON list of [exit status, paths in FOLDER], one for each run
with a signal. FOLDER is emptied after each run.
"""

import json
import os
import shutil
import sys
from pathlib import Path

import blueprint.cli.app
import blueprint.cli.new.flow  # noqa: F401 - load both once, before forking
from blueprint.cli import main
from tests.file_operations import is_operation_in

NOT_REACHED = 99


def run_with_signal(number: int, operation: int, folder: Path, arguments: list[str]) -> None:
    """Run the command and send the signal; exit with NOT_REACHED if the command ends before."""
    seen = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if is_operation_in(str(folder), event, arguments):
            seen += 1
            if seen == operation:
                os.kill(os.getpid(), number)

    os.chdir(folder)
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - open until the process ends
    sys.argv = ["blueprint", *arguments]
    sys.addaudithook(watch)
    try:
        main()
    except SystemExit as end:
        os._exit(int(str(end.code)) if seen >= operation else NOT_REACHED)


def outcomes(number: int, folder: Path, arguments: list[str]) -> list[tuple[int, list[str]]]:
    """Return status and remaining files of each run, until one ends before its signal."""
    found: list[tuple[int, list[str]]] = []
    operation = 0
    while True:
        operation += 1
        child = os.fork()
        if child == 0:
            run_with_signal(number, operation, folder, arguments)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        left = [str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if path.is_file()]
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if status == NOT_REACHED:
            return found
        found.append((status, left))


if __name__ == "__main__":
    print(json.dumps(outcomes(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])))
