"""Running the real command, as a user or a program does."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from blueprint.cli.app import run
from tests import preloaded

COMMAND = (sys.executable, "-m", "blueprint")


@dataclass(frozen=True)
class Outcome:
    """Exit status and output of a run."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return the JSON object that the command printed; nothing else may be printed."""
        assert self.err == ""
        return json.loads(self.out)


def in_process(*arguments: str, capsys: pytest.CaptureFixture[str]) -> Outcome:
    """Run a command line in this process, which saves the second that a new process takes.

    Do not use it for a command that writes successfully: from then on the process ignores signals.
    """
    status = run(arguments)
    out, err = capsys.readouterr()
    return Outcome(status, out, err)


def blueprint(*arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> Outcome:
    """Run `blueprint` with `arguments` in `cwd`, without a terminal."""
    complete = {**os.environ, **(env or {})}
    if not any(name.startswith("PYTHON") for name in env or {}):
        status, out, err = preloaded.run([*map(str, arguments)], cwd, complete)
        assert "Traceback" not in err
        return Outcome(status, out, err)
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        env=complete,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    return Outcome(done.returncode, done.stdout, done.stderr)
