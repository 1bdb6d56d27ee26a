"""Help of `blueprint` itself, stored as text: the list of commands appears without loading any of them."""

import os
from collections.abc import Sequence
from pathlib import Path

STORED = Path(__file__).with_name("help.txt")
"""What `blueprint --help` prints on a wide terminal; `python -m tools.reference` writes it."""

WIDEST = 80
"""Number of columns from which the help does not become wider."""


def stored_help(arguments: Sequence[str]) -> str | None:
    """Return the help if `arguments` ask for exactly that, and the terminal is not narrow; None otherwise."""
    if [*arguments] not in (["--help"], ["-h"]) or _columns() < WIDEST:
        return None
    return STORED.read_text("utf-8")


def _columns() -> int:
    configured = os.environ.get("COLUMNS", "")
    if configured.isdecimal() and int(configured):
        return int(configured)
    try:
        return os.get_terminal_size(1).columns or WIDEST
    except OSError:
        return WIDEST
