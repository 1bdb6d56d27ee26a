"""Which version a tag stands for, and which tag is the newest."""

import re
from collections.abc import Iterable

from packaging.version import InvalidVersion, Version

from blueprint.patterns import Origin

_DESCRIBED = re.compile(r"(?P<tag>.+)-(?P<commits>\d+)-g(?P<commit>[0-9a-f]+)")


def newest_tag(tags: Iterable[str]) -> str | None:
    """The tag of the newest release (PEP 440, as Copier has it), or None if no tag is one."""
    releases = [(version, tag) for tag in tags if (version := _version(tag)) and not version.is_prerelease]
    return max(releases)[1] if releases else None


def semantic_version(origin: Origin) -> str:
    """The version of a template that does not say one, as a semantic version.

    The tag `v1.2` is 1.2.0; three commits later is 1.2.0 with the commit as build metadata, which does not
    count in comparisons. Without tags it is 0.0.0 with the commit or the digest.
    """
    match = _DESCRIBED.fullmatch(origin.described or "")
    version = _version(match["tag"] if match else origin.described or "")
    mark = f"+g{match['commit']}" if match else ""
    if version is None:
        return f"0.0.0+{f'g{origin.commit[:12]}' if origin.commit else (origin.digest or '0')[:12]}"
    numbers = ".".join(str(number) for number in (*version.release, 0, 0)[:3])
    words = [*map(str, version.pre or ()), *(("dev", str(version.dev)) if version.dev is not None else ())]
    return f"{numbers}{'-' + '.'.join(words) if words else ''}{mark}"


def _version(tag: str) -> Version | None:
    try:
        return Version(tag)
    except InvalidVersion:
        return None
