"""Versions of templates, derived from git tags."""

import re
from collections.abc import Iterable

from packaging.version import InvalidVersion, Version

from blueprint.patterns import Origin

_DESCRIBED = re.compile(r"(?P<tag>.+)-(?P<commits>\d+)-g(?P<commit>[0-9a-f]+)")


def newest_tag(tags: Iterable[str]) -> str | None:
    """Return the tag of the newest release by PEP 440, as Copier does, or None if no tag is a release."""
    releases = [(version, tag) for tag in tags if (version := _version(tag)) and not version.is_prerelease]
    return max(releases)[1] if releases else None


def semantic_version(origin: Origin) -> str:
    """Derive a semantic version for a template that does not state its version.

    The tag `v1.2` gives 1.2.0. Three commits later, it gives 1.2.0 with the commit as build metadata, which
    comparisons ignore. Without tags, the version is 0.0.0 with the commit or the digest.
    """
    match = _DESCRIBED.fullmatch(origin.described or "")
    version = _version(match["tag"] if match else origin.described or "")
    build = f"+g{match['commit']}" if match else ""
    if version is None:
        return f"0.0.0+{f'g{origin.commit[:12]}' if origin.commit else (origin.digest or '0')[:12]}"
    numbers = ".".join(str(number) for number in (*version.release, 0, 0)[:3])
    pre = [*map(str, version.pre or ()), *(("dev", str(version.dev)) if version.dev is not None else ())]
    return f"{numbers}{'-' + '.'.join(pre) if pre else ''}{build}"


def _version(tag: str) -> Version | None:
    try:
        return Version(tag)
    except InvalidVersion:
        return None
