"""Parse the location of a source: `folder`, `file.zip#subfolder` or `URL@ref#subfolder`."""

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
    """A folder, a zip file or a git repository, and the subfolder to use.

    `address` is the path or URL as the user wrote it, `url` the one that git receives, and `ref` a branch,
    tag or commit.
    """

    type: Literal["folder", "zip", "git"]
    address: str
    subfolder: str = ""
    ref: str | None = None
    url: str = ""


def parse_location(text: str) -> Location | None:
    """Parse `text`, or return None if it is a name. Raises SourceError if the location is not allowed."""
    if not text.isprintable() or text.startswith("-"):
        raise _refused(text, "it begins with a dash or contains invisible characters")
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
    """Return whether `text` is the path of a folder or a zip file, rather than a URL or a name."""
    location = parse_location(text)
    return location is not None and location.type != "git"


def with_ref(text: str, ref: str) -> str:
    """Replace the branch, tag or commit in the location `text`. Raises SourceError if it is not a git URL."""
    location = parse_location(text)
    if location is None or location.type != "git":
        raise SourceError(
            f"{text} has no versions to choose from", hint="Only a pattern in a git repository has versions."
        )
    subfolder = f"#{location.subfolder}" if location.subfolder else ""
    return f"{location.address}@{_checked_ref(text, ref)}{subfolder}"


def _git(text: str, address: str, short: str | None, subfolder: str) -> Location:
    long = f"{_SHORT[short]}{address.removeprefix(short).lstrip('/')}" if short else address
    match = _URL.fullmatch(long) or _SCP.fullmatch(long)
    if match is None:
        raise _refused(text, "it is not the URL of a git repository")
    scheme = match.groupdict().get("scheme")
    if scheme is not None and scheme.lower() not in _SCHEMES:
        raise _refused(text, f"the protocol {scheme} is not allowed; use {' or '.join(_SCHEMES)}")
    host, path = match["host"], match["path"]
    if ":" in host.rpartition("@")[0]:
        raise _refused("the URL", "it contains a password, which would be stored in the project")
    if (host or scheme != "file") and not _HOST.fullmatch(host):
        raise _refused(text, f"{host!r} is not a host name")
    path, at, ref = path.partition("@")
    if path.lstrip("/~").startswith("-"):
        raise _refused(text, "its path begins with a dash")
    url = f"{scheme.lower()}://{host}{path}" if scheme else f"{host}:{path}"
    written = address.removesuffix(f"@{ref}") if at else address
    return Location("git", written, subfolder, _checked_ref(text, ref) if at else None, url)


def _checked_ref(text: str, ref: str) -> str:
    if not _REF.fullmatch(ref) or len(ref) > 200:
        raise _refused(text, f"{ref!r} is not the name of a branch, tag or commit")
    return ref


def _checked_subfolder(text: str, subfolder: str) -> str:
    parts = PurePosixPath(subfolder).parts
    if subfolder.startswith("/") or "\\" in subfolder or any(part in ("..", ".git") for part in parts):
        raise _refused(text, f"{subfolder!r} is not a folder inside it")
    return "/".join(parts)


def _refused(text: str, why: str) -> SourceError:
    return SourceError(
        f"{text} cannot be a source: {why}",
        hint="Use a folder, a zip file, or a git URL such as https://host/team/patterns.git@v1.0#folder.",
    )
