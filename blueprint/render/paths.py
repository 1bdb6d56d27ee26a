"""Checks on the paths that a pattern writes: inside the project, and portable to every system."""

import unicodedata
from collections.abc import Iterable

from blueprint.errors import HostilePatternError

MAX_NAME = 200
"""Maximum length of a path component, in bytes of UTF-8; most file systems allow 255."""

MAX_PATH = 1000
"""Maximum length of a path, in bytes of UTF-8."""

STATE = ".blueprint"
"""The folder of a project in which blueprint stores its state."""

_WINDOWS_FORBIDDEN = frozenset('<>:"|?*\\')
_WINDOWS_DEVICES = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{device}{digit}" for device in ("com", "lpt") for digit in "123456789"}
)
_GIT = frozenset({".git", "git~1"})


def check_path(path: str) -> str:
    """Return `path` if a pattern may write it. Raises HostilePatternError.

    It may not write outside the project, to the folders of git and blueprint, or to a name that some file
    system takes for another one: Windows drops trailing dots and spaces and has device names and streams
    (`.git::$INDEX_ALLOCATION`), and macOS ignores invisible characters.
    """
    problem = _problem(path)
    if problem:
        shown = path if len(path) <= MAX_PATH else f"{path[:MAX_NAME]}..."
        raise HostilePatternError(
            f"the pattern may not write {shown!r}: {problem}",
            hint="If the name of the project or an answer is in the path, choose another one.",
        )
    return path


def check_collisions(paths: Iterable[str]) -> None:
    """Reject paths that collide where case and Unicode form are ignored, and files that are also folders.

    Raises HostilePatternError.
    """
    files: dict[str, str] = {}
    for path in paths:
        other = files.setdefault(fold_path(path), path)
        if other != path:
            raise HostilePatternError(f"{other!r} and {path!r} are the same file on some systems")
    folders: dict[str, str] = {}
    for path in files.values():
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if fold_path(folder) in files:
                raise HostilePatternError(
                    f"{files[fold_path(folder)]!r} is a file, but also the folder of {path!r}"
                )
            other = folders.setdefault(fold_path(folder), folder)
            if other != folder:
                raise HostilePatternError(f"{other!r} and {folder!r} are the same folder on some systems")


def _problem(path: str) -> str:
    if path.startswith("/"):
        return "the path is absolute"
    if len(path.encode("utf-8", "replace")) > MAX_PATH:
        return f"the path is longer than {MAX_PATH} bytes"
    parts = path.split("/")
    if parts[0].casefold() == STATE:
        return f"the folder {STATE} is reserved for blueprint"
    return next(filter(None, map(_name_problem, parts)), "")


def _name_problem(name: str) -> str:
    if name in ("", ".", ".."):
        return f"{name!r} is not a file name"
    if len(name.encode("utf-8", "replace")) > MAX_NAME:
        return f"a name is longer than {MAX_NAME} bytes"
    if any(unicodedata.category(character)[0] == "C" for character in name):
        return "a name contains control or invisible characters"
    if not _WINDOWS_FORBIDDEN.isdisjoint(name):
        return "a name contains a character that Windows does not allow"
    if name.casefold().rstrip(". ") in _GIT:
        return "the folder .git is reserved for git"
    if name[-1] in ". ":
        return "a name ends with a dot or a space"
    if name.casefold().partition(".")[0].rstrip() in _WINDOWS_DEVICES:
        return "a name is that of a device on Windows"
    return ""


def fold_path(path: str) -> str:
    """The form of `path` that is equal for all spellings that some file system takes for the same name."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
