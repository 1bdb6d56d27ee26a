"""A terminal session: real commands in a pseudoterminal, and what they print."""

import io
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pexpect

from .screen import Screen

SECONDS = 300


@dataclass(frozen=True)
class Run:
    """A command as it was typed, and the lines that it printed, with their colors."""

    command: str
    lines: tuple[str, ...]


class Session:
    """Runs commands in an empty home directory at a terminal with `columns` columns."""

    def __init__(self, home: Path, columns: int) -> None:
        self._home = home
        self._columns = columns
        tools = home / ".tools"
        tools.mkdir(exist_ok=True)
        script = tools / "blueprint"
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m blueprint "$@"\n')
        script.chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "COLUMNS"))}
        root = Path(__file__).parents[2]
        self._environment = {
            **kept,
            "HOME": str(home),
            "PATH": f"{tools}:{os.environ['PATH']}",
            "PYTHONPATH": str(root),
            "TERM": "xterm-256color",
            "PROMPT_TOOLKIT_NO_CPR": "1",
        }

    def run(self, command: str, answers: Sequence[tuple[str, str]] = ()) -> Run:
        """Run a command, and return what the terminal shows.

        `answers` are what to wait for and which keys to press then.
        """
        process = pexpect.spawn(
            "bash",
            ["-c", command],
            cwd=str(self._home),
            env=self._environment,
            dimensions=(100, self._columns),
            encoding="utf-8",
            timeout=SECONDS,
        )
        shown = process.logfile_read = io.StringIO()
        for shown_before, keys in answers:
            process.expect_exact(shown_before)
            # A program that draws reads keys only after it has drawn.
            time.sleep(0.3)
            process.send(keys)
        process.expect(pexpect.EOF)
        process.close()
        screen = Screen()
        screen.feed(shown.getvalue())
        return Run(command, tuple(line.replace(str(self._home), "~") for line in screen.lines()))
