"""The command line: one module per verb, and the console."""

import sys


def main() -> None:
    """Run the command `blueprint` and end the process with its exit status."""
    from . import interrupts

    interrupts.install()

    from .app import run

    sys.exit(run(sys.argv[1:]))
