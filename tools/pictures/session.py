"""A terminal session: real commands in a pseudoterminal, and what they print."""

import io
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pexpect

SECONDS = 300
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-LN-Za-ln-z]")
"""Terminal control sequences except colors: a picture has no cursor to move."""

SPINNER = re.compile("[\u2800-\u28ff]")
"""A Braille pattern: only progress lines have one, and they are gone at the end."""


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
        }

    def run(self, command: str, answers: Sequence[str] = (), prompt: str = " > ") -> Run:
        """Run a command, type one of `answers` at each `prompt`, and return what the terminal shows."""
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
        for answer in answers:
            process.expect_exact(prompt)
            process.sendline(answer)
        process.expect(pexpect.EOF)
        process.close()
        return Run(command, self._lines(shown.getvalue()))

    def _lines(self, shown: str) -> tuple[str, ...]:
        """Split the output into lines as they look at the end, without the path of the home directory."""
        text = CONTROL.sub("", shown).replace(str(self._home), "~").replace("\r\n", "\n")
        lines = [line.rpartition("\r")[2].rstrip() for line in text.split("\n") if not SPINNER.search(line)]
        while lines and not lines[-1]:
            lines.pop()
        return tuple(lines)
