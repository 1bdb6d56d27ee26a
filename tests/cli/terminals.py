"""Sessions of `blueprint` at a terminal."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pexpect

from .running import COMMAND


@contextmanager
def at_terminal(
    arguments: Sequence[str], folder: Path, columns: int = 80, **environment: str
) -> "Iterator[pexpect.spawn[str]]":
    """Start `blueprint` with `arguments` at a terminal, and end it."""
    session = pexpect.spawn(
        COMMAND[0],
        [*COMMAND[1:], *arguments],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        | environment,
        encoding="utf-8",
        timeout=60,
        echo=False,
        dimensions=(24, columns),
    )
    session.logfile_read = sys.stdout
    yield session
    session.close(force=True)


def answer(session: "pexpect.spawn[str]", question: str, text: str) -> str:
    """Wait for a question, answer it, and return what was shown before."""
    session.expect_exact(question)
    before = str(session.before)
    session.expect_exact("> ")
    session.sendline(text)
    return before + str(session.before)


def ended(session: "pexpect.spawn[str]") -> tuple[int | None, str]:
    """Return the exit status and the rest of the output."""
    session.expect(pexpect.EOF)
    session.wait()
    return session.exitstatus, str(session.before)
