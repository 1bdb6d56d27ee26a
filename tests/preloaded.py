"""A process that has imported blueprint and the template tools, and forks for each command.

A new interpreter spends most of a small command on imports. The fork is a process like any other: it has its
own folder, environment, output and signals. Run as `python -m tests.preloaded`; `run` talks to it.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import blueprint.cli

SECONDS = 60


def run(arguments: list[str], cwd: Path, env: Mapping[str, str]) -> tuple[int, str, str]:
    """Run `blueprint` with `arguments` in `cwd`, and return its exit status, output and error output."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        request = [arguments, str(cwd), dict(env), str(out), str(err)]
        server = _server()
        assert server.stdin is not None
        assert server.stdout is not None
        print(json.dumps(request), file=server.stdin, flush=True)
        status = int(server.stdout.readline())
        assert status != -signal.SIGALRM, f"{arguments} took longer than {SECONDS} s"
        return status, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")


@cache
def _server() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.preloaded"]
    # Requests come on standard input, which ends with the test run, and so does the server.
    server = subprocess.Popen(
        command,
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    atexit.register(server.communicate)
    return server


def _serve() -> None:
    for module in pkgutil.walk_packages(blueprint.__path__, "blueprint."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    gc.freeze()
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            _command(*json.loads(line))
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _command(arguments: list[str], cwd: str, env: dict[str, str], out: str, err: str) -> None:
    signal.alarm(SECONDS)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    tempfile.tempdir = None  # found again from the variable
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT), 1)
    os.dup2(os.open(err, os.O_WRONLY | os.O_CREAT), 2)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115 - until the process ends
    sys.argv = ["blueprint", *arguments]
    status = 1
    try:
        blueprint.cli.main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    # An ordinary exit would visit all imported objects, and so copy the server's memory.
    os._exit(status)


if __name__ == "__main__":
    _serve()
