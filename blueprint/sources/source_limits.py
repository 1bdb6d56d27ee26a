"""Limits on what a source may contain.

They are higher than those of a project: a repository may hold more than the template in it.
"""

MAX_FILES = 100_000
"""Maximum number of files in a source."""

MAX_TOTAL = 512 << 20
"""Maximum size of all files in a source, in bytes."""


def exceeded(source: object) -> str:
    """Return the message that `source` exceeds the limits."""
    return f"{source} exceeds {MAX_TOTAL >> 20} MiB or {MAX_FILES:,} files"
