"""Run the real command, as a user or a program would."""

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

COMMAND = (sys.executable, "-m", "blueprint")


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object that was printed, and nothing else."""
        assert self.err == ""
        return json.loads(self.out)


def in_process(*arguments: str, capsys: pytest.CaptureFixture[str]) -> Outcome:
    """Run one command line in this process: the same code, without the second that a process takes.

    Not for what succeeds in writing: from then on a command ignores signals.
    """
    status = run(arguments)
    out, err = capsys.readouterr()
    return Outcome(status, out, err)


def blueprint(*arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> Outcome:
    """Run `blueprint` with `arguments` in `cwd`, without a terminal."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    return Outcome(done.returncode, done.stdout, done.stderr)
