"""Command line: one sub-package per verb, and the console that they print to."""

import sys


def main() -> None:
    """Run the command `blueprint`, and exit with its status."""
    from . import interrupts

    interrupts.install()

    from .help_text import stored_help

    text = stored_help(sys.argv[1:])
    if text is not None:
        sys.exit(_print(text))

    from .app import run

    sys.exit(run(sys.argv[1:]))


def _print(text: str) -> int:
    from .console import Console

    console = Console()
    try:
        console.line(text.removesuffix("\n"))
        console.flush()
    except BrokenPipeError:
        return console.broken_pipe()
    return 0
