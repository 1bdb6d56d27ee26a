"""Which paths a pattern may write: relative, plain, and the same on every system it may be checked out on."""

import unicodedata
from collections.abc import Iterable

from blueprint.errors import HostilePatternError

MAX_NAME = 200
"""The longest part of a path, in bytes of UTF-8: most file systems stop at 255."""

MAX_PATH = 1000
"""The longest path, in bytes of UTF-8."""

STATE = ".blueprint"
"""The folder of a project that belongs to blueprint itself."""

_FORBIDDEN = frozenset('<>:"|?*\\')
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{device}{digit}" for device in ("com", "lpt") for digit in "123456789"}
)
_GIT = frozenset({".git", "git~1"})


def check_path(path: str) -> str:
    """Return `path` if a pattern may write it. Raises HostilePatternError.

    Refused are paths that leave the project, that belong to git or to blueprint, and names that some file
    system reads as another name: Windows cuts trailing dots and spaces and knows devices and streams
    (`.git::$INDEX_ALLOCATION`), macOS skips invisible characters.
    """
    problem = _problem(path)
    if problem:
        raise HostilePatternError(f"the pattern wants to write {path!r}: {problem}")
    return path


def check_collisions(paths: Iterable[str]) -> None:
    """Refuse two paths that are one on a system that ignores case or Unicode form, and a file as a folder.

    Raises HostilePatternError.
    """
    files: dict[str, str] = {}
    for path in paths:
        other = files.setdefault(_folded(path), path)
        if other != path:
            raise HostilePatternError(f"{other!r} and {path!r} are the same file on some systems")
    folders: dict[str, str] = {}
    for path in files.values():
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if _folded(folder) in files:
                raise HostilePatternError(f"{files[_folded(folder)]!r} is a file and the folder of {path!r}")
            other = folders.setdefault(_folded(folder), folder)
            if other != folder:
                raise HostilePatternError(f"{other!r} and {folder!r} are the same folder on some systems")


def _problem(path: str) -> str:
    if path.startswith("/"):
        return "it is absolute"
    if len(path.encode("utf-8", "replace")) > MAX_PATH:
        return f"it is longer than {MAX_PATH} bytes"
    parts = path.split("/")
    if parts[0].casefold() == STATE:
        return "that folder is blueprint's own"
    return next(filter(None, map(_name_problem, parts)), "")


def _name_problem(name: str) -> str:
    if name in ("", ".", ".."):
        return f"{name!r} is no file name"
    if len(name.encode("utf-8", "replace")) > MAX_NAME:
        return f"a name is longer than {MAX_NAME} bytes"
    if any(unicodedata.category(character)[0] == "C" for character in name):
        return "it has control or invisible characters"
    if not _FORBIDDEN.isdisjoint(name):
        return "it has a character that is no part of a file name everywhere"
    if name.casefold().rstrip(". ") in _GIT:
        return "that folder is git's own"
    if name[-1] in ". ":
        return "a name ends in a dot or a space"
    if name.casefold().partition(".")[0].rstrip() in _DEVICES:
        return "that is the name of a device on Windows"
    return ""


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
