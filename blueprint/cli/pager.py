"""Pager of the user, which shows long output at a terminal page by page."""

import os
import shlex
import shutil
import signal
import subprocess

DEFAULT = "less"
OPTIONS = {"LESS": "FRX", "LV": "-c"}
"""Options as git sets them: quit if the text fits on one screen, keep colors, and leave the text there."""


def page(text: str) -> bool:
    """Show `text` in the pager, and return whether there is one. A user may leave it before the end."""
    command = _command()
    if not command:
        return False
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, text=True, encoding="utf-8", env={**OPTIONS, **os.environ}
        )
    except OSError:
        return False
    # Ctrl-C is for the pager: ending before it would leave the terminal to both it and the shell.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process.communicate(f"{text}\n")
    except BaseException:
        process.terminate()
        raise
    finally:
        signal.signal(signal.SIGINT, before)
    return True


def _command() -> list[str]:
    """Return the command of the pager; empty if the user wants none, or it cannot be found."""
    try:
        command = shlex.split(os.environ.get("PAGER", DEFAULT))
    except ValueError:
        return []
    return command if command and shutil.which(command[0]) else []
