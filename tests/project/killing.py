"""Helpers for tests that kill an update at a file operation, and compare what is left."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OPERATIONS = ("open", "os.", "shutil.")


class Killed(BaseException):
    """The process was killed; no handler of errors may catch this."""


class Killer:
    """Counts the file operations in a folder; from the one numbered `fatal` on, every one raises Killed.

    A killed process does not clean up, so the operations of handlers fail as well.
    """

    def __init__(self) -> None:
        self.folder = ""
        self.fatal = 0
        self.seen = 0
        sys.addaudithook(self._watch)

    @contextmanager
    def watching(self, folder: Path, fatal: int) -> Iterator[None]:
        self.folder, self.fatal, self.seen = str(folder), fatal, 0
        try:
            yield
        finally:
            self.folder = ""

    def _watch(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.folder and event.startswith(OPERATIONS) and self.folder in str(arguments[0]):
            self.seen += 1
            if self.seen >= self.fatal:
                raise Killed


KILLER = Killer()
NEVER = 1 << 30


def state(folder: Path) -> dict[str, tuple[str, bytes | str]]:
    """Return everything in `folder`: files with mode and content, links with their targets, empty folders."""
    found: dict[str, tuple[str, bytes | str]] = {}
    for location in folder.rglob("*"):
        path = str(location.relative_to(folder))
        if location.is_symlink():
            found[path] = ("link", str(location.readlink()))
        elif location.is_file():
            found[path] = (f"{location.stat().st_mode:o}", location.read_bytes())
        elif not any(location.iterdir()):
            found[path] = ("folder", "")
    return found
