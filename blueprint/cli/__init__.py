"""Command line: one sub-package per verb, and the console that they print to."""

import sys


def main() -> None:
    """Run the command `blueprint`, and exit with its status."""
    from . import interrupts

    interrupts.install()

    from .app import run

    sys.exit(run(sys.argv[1:]))
