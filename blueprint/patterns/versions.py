"""Order of semantic versions (semver.org, rule 11)."""

Key = tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]


def version_key(version: str) -> Key:
    """Sort key of `version`; build metadata is ignored.

    The numbers are compared first. A pre-release comes before its release. Identifiers of pre-releases are
    compared one by one, numeric ones before others.
    """
    numbers, _, prerelease = version.partition("+")[0].partition("-")
    identifiers = tuple(map(_identifier_key, prerelease.split(".")))
    return tuple(map(int, numbers.split("."))), not prerelease, identifiers


def _identifier_key(identifier: str) -> tuple[bool, int, str]:
    return (False, int(identifier), "") if identifier.isdecimal() else (True, 0, identifier)
