"""What a user writes for a source: `folder`, `file.zip#subfolder`, `URL@ref#subfolder`."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from blueprint.errors import SourceError

_SHORT = {"gh:": "https://github.com/", "gl:": "https://gitlab.com/"}
_URL = re.compile(r"(?:git\+)?(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>[^/]*)(?P<path>/.*)", re.IGNORECASE)
_SCP = re.compile(r"(?P<host>[\w.-]+@[\w.-]+):(?P<path>[^/:].*|/.*)")
_HOST = re.compile(r"([\w.~-]+@)?(?!-)([\w.-]+|\[[0-9a-fA-F:]+\])(:\d+)?")
_REF = re.compile(r"(?!.*(\.\.|//|@\{))[A-Za-z0-9][\w./+-]*")
_SCHEMES = ("https", "ssh", "file")


@dataclass(frozen=True)
class Location:
    """A folder, a zip file or a git repository, and where in it to look.

    `address` is a path or a URL as it was written, `url` what git is given; `ref` is a branch, tag or commit.
    """

    type: Literal["folder", "zip", "git"]
    address: str
    subfolder: str = ""
    ref: str | None = None
    url: str = ""


def parse_location(text: str) -> Location | None:
    """What `text` says, or None if it is no location but a name. Raises SourceError for what is refused."""
    if not text.isprintable() or text.startswith("-"):
        raise _refused(text, "it begins with a dash or has invisible characters")
    address, _, subfolder = text.partition("#")
    subfolder = _checked_subfolder(text, subfolder)
    short = next((short for short in _SHORT if address.startswith(short)), None)
    if short or "://" in address or "::" in address or _SCP.fullmatch(address):
        return _git(text, address, short, subfolder)
    if address.endswith(".zip"):
        return Location("zip", address, subfolder)
    if "/" in address or address in (".", "..", "~"):
        return Location("folder", address, subfolder)
    return None


def is_path(text: str) -> bool:
    """Whether `text` is the path of a folder or a zip file, which is relative to the working directory."""
    location = parse_location(text)
    return location is not None and location.type != "git"


def with_ref(text: str, ref: str) -> str:
    """The location `text` with another branch, tag or commit. Raises SourceError if it can have none."""
    location = parse_location(text)
    if location is None or location.type != "git":
        raise SourceError(f"{text} has no versions to choose from", hint="Only a git repository has.")
    subfolder = f"#{location.subfolder}" if location.subfolder else ""
    return f"{location.address}@{_checked_ref(text, ref)}{subfolder}"


def _git(text: str, address: str, short: str | None, subfolder: str) -> Location:
    long = f"{_SHORT[short]}{address.removeprefix(short).lstrip('/')}" if short else address
    match = _URL.fullmatch(long) or _SCP.fullmatch(long)
    if match is None:
        raise _refused(text, "it is no URL of a git repository")
    scheme = match.groupdict().get("scheme")
    if scheme is not None and scheme.lower() not in _SCHEMES:
        raise _refused(text, f"a repository is fetched by {', '.join(_SCHEMES)}, not by {scheme}")
    host, path = match["host"], match["path"]
    if ":" in host.rpartition("@")[0]:
        raise _refused("the URL", "it has a password in it, which would be written into the project")
    if (host or scheme != "file") and not _HOST.fullmatch(host):
        raise _refused(text, f"{host!r} is no name of a host")
    path, at, ref = path.partition("@")
    if path.lstrip("/~").startswith("-"):
        raise _refused(text, "its path begins with a dash")
    url = f"{scheme.lower()}://{host}{path}" if scheme else f"{host}:{path}"
    written = address.removesuffix(f"@{ref}") if at else address
    return Location("git", written, subfolder, _checked_ref(text, ref) if at else None, url)


def _checked_ref(text: str, ref: str) -> str:
    if not _REF.fullmatch(ref) or len(ref) > 200:
        raise _refused(text, f"{ref!r} is no branch, tag or commit")
    return ref


def _checked_subfolder(text: str, subfolder: str) -> str:
    parts = PurePosixPath(subfolder).parts
    if subfolder.startswith("/") or "\\" in subfolder or any(part in ("..", ".git") for part in parts):
        raise _refused(text, f"{subfolder!r} is no folder inside it")
    return "/".join(parts)


def _refused(text: str, why: str) -> SourceError:
    return SourceError(
        f"{text} cannot be a source: {why}",
        hint="Use a folder, a zip file, or a git URL such as https://host/team/patterns.git@v1.0#folder.",
    )
