"""Smoke commands of a pattern: run in a temporary generated project, with a time limit."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from blueprint.patterns import Answers, Pattern, check_answers
from blueprint.project import write
from blueprint.render import render
from blueprint.render.templates import Templates

from .pairwise import PROJECT, OptionSpace

OUTPUT_TAIL = 4_000
"""Number of bytes that are kept from the end of a command's output."""

_MAKE_VARIABLES = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
"""Variables that `make` passes on: a `make` in the project must not join one that started blueprint."""


@dataclass(frozen=True)
class SmokeResult:
    """A finished command: its exit status (None after a timeout), and the end of its output."""

    command: str
    status: int | None
    output: str


def smoke_commands(pattern: Pattern) -> list[str]:
    """Render the smoke commands of `pattern` for its default answers. Raises PatternError."""
    templates = Templates(pattern, _answers(pattern))
    return [templates.text(command) for command in pattern.smoke]


@contextmanager
def sample_project(pattern: Pattern) -> Iterator[Path]:
    """Generate a project with the default answers in a temporary folder. Raises BlueprintError."""
    tree = render(pattern, _answers(pattern)).tree
    with tempfile.TemporaryDirectory(prefix="blueprint-check-", ignore_cleanup_errors=True) as folder:
        project = Path(folder) / PROJECT
        write(tree, project, before_commit=lambda: None)
        yield project


def run_smoke_command(command: str, folder: Path, seconds: float) -> SmokeResult:
    """Run one command line in `folder` for at most `seconds`, then kill its whole process group."""
    environment = {name: value for name, value in os.environ.items() if name not in _MAKE_VARIABLES}
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            ["/bin/sh", "-c", command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        status: int | None = None
        try:
            with suppress(subprocess.TimeoutExpired):
                status = process.wait(seconds)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        size = output.seek(0, os.SEEK_END)
        output.seek(max(0, size - OUTPUT_TAIL))
        return SmokeResult(command, status, output.read().decode(errors="replace"))


def _answers(pattern: Pattern) -> Answers:
    return check_answers(pattern, PROJECT, OptionSpace(pattern).pairwise()[0])
