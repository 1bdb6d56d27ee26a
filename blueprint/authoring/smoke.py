"""Smoke commands of a pattern: run in a temporary generated project, with a time limit."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from blueprint.patterns import Answers, Pattern, Value, check_answers
from blueprint.project import write
from blueprint.render.templates import Templates
from blueprint.sources.native import render_with_tasks

from .pairwise import PROJECT, Combination, OptionSpace

OUTPUT_TAIL = 4_000
"""Number of bytes that are kept from the end of a command's output."""

_MAKE_VARIABLES = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
"""Variables that `make` passes on: a `make` in the project must not join one that started blueprint."""


@dataclass(frozen=True)
class SmokeResult:
    """A finished command: its exit status (None after a timeout), and the end of its output.

    `answers` are those of the project that are not the defaults.
    """

    command: str
    status: int | None
    output: str
    answers: Mapping[str, Value] = field(default_factory=dict)


def smoke_commands(pattern: Pattern, combination: Combination | None = None) -> list[str]:
    """Render the smoke commands of `pattern` for a combination of answers, by default the defaults.

    Raises PatternError.
    """
    templates = Templates(pattern, _answers(pattern, combination))
    return [templates.text(command) for command in pattern.smoke]


def run_smoke_commands(pattern: Pattern, seconds: float, *, pairs: bool) -> Iterator[SmokeResult]:
    """Run the smoke commands in a sample project, until one fails; each may take `seconds`.

    With `pairs`, this is done for all combinations that cover every pair of answers. Raises BlueprintError.
    """
    space = OptionSpace(pattern)
    for combination in islice(space.pairwise(), None if pairs else 1):
        with sample_project(pattern, combination) as folder:
            for command in smoke_commands(pattern, combination):
                ran = run_smoke_command(command, folder, seconds)
                yield replace(ran, answers=space.non_defaults(combination))
                if ran.status != 0:
                    return


@contextmanager
def sample_project(pattern: Pattern, combination: Combination | None = None) -> Iterator[Path]:
    """Generate a project in a temporary folder, by default with the defaults, and run the pattern's tasks.

    Raises BlueprintError.
    """
    tree = render_with_tasks(pattern, _answers(pattern, combination)).tree
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


def _answers(pattern: Pattern, combination: Combination | None) -> Answers:
    return check_answers(pattern, PROJECT, combination or next(OptionSpace(pattern).pairwise()))
