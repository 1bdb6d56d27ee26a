"""Files that the command line names."""

from pathlib import Path

from blueprint.errors import DiskError


def write_text(path: Path, text: str) -> None:
    """Write a file that the command line names. Raises DiskError."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise DiskError(f"cannot write {path}: {error.strerror}", hint="Choose another path.") from error
