"""Run the commands that prove a generated project: bounded, and in a folder of their own."""

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
"""How much of the end of a command's output is kept, in bytes."""

_MAKE = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
"""What `make` tells its children: a project's own `make` is no part of the one that may have started us."""


@dataclass(frozen=True)
class SmokeResult:
    """A command that was run: its exit status (None if it took too long), and the end of what it said."""

    command: str
    status: int | None
    output: str


def smoke_commands(pattern: Pattern) -> list[str]:
    """The commands, for the project that is made with the defaults. Raises PatternError."""
    templates = Templates(pattern, _answers(pattern))
    return [templates.text(command) for command in pattern.smoke]


@contextmanager
def sample_project(pattern: Pattern) -> Iterator[Path]:
    """A project made with the defaults, in a temporary folder. Raises BlueprintError."""
    tree = render(pattern, _answers(pattern)).tree
    with tempfile.TemporaryDirectory(prefix="blueprint-check-", ignore_cleanup_errors=True) as folder:
        project = Path(folder) / PROJECT
        write(tree, project, before_commit=lambda: None)
        yield project


def run_smoke_command(command: str, folder: Path, seconds: float) -> SmokeResult:
    """Run one command line in `folder` for at most `seconds`; what it has started ends with it."""
    environment = {name: value for name, value in os.environ.items() if name not in _MAKE}
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
