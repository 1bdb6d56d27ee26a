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
    # Python itself reads these variables, and only when it starts.
    new_interpreter = any(name.startswith("PYTHON") for name in env or {})
    start = _in_new_interpreter if new_interpreter else preloaded.run
    outcome = Outcome(*start([*map(str, arguments)], cwd, complete))
    assert "Traceback" not in outcome.err
    return outcome


def _in_new_interpreter(arguments: list[str], cwd: Path, env: Mapping[str, str]) -> tuple[int, str, str]:
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr
