"""Trusted templates: the user's permission to run code, for one source, commit and content."""

from pathlib import Path

import msgspec

from blueprint.errors import DiskError
from blueprint.patterns import Pattern
from blueprint.schema_errors import explain
from blueprint.user_dirs import config_folder, write_private

SHORTEST_DIGEST = 12
"""Minimum number of digits by which a digest can be given on the command line."""


class _TrustedSource(msgspec.Struct, frozen=True):
    """A source that the user trusts; `digest` covers all of its files, because a hook may run any of them."""

    source: str
    subfolder: str
    commit: str | None
    digest: str


class _TrustFile(msgspec.Struct):
    format: int = 1
    trusted: list[_TrustedSource] = []


def is_trusted(pattern: Pattern) -> bool:
    """Return whether the user trusts the code of exactly this `pattern`. Raises DiskError."""
    return _trusted_source(pattern) in _read().trusted


def remember_trust(pattern: Pattern) -> None:
    """Store that the user trusts the code of exactly this `pattern`. Raises DiskError."""
    trust_file = _read()
    trust_file.trusted.append(_trusted_source(pattern))
    write_private(_file(), msgspec.json.format(msgspec.json.encode(trust_file), indent=2) + b"\n")


def matches_digest(digest: str, pattern: Pattern) -> bool:
    """Return whether `digest`, which may be shortened, matches the content of `pattern`."""
    return len(digest) >= SHORTEST_DIGEST and (pattern.origin.digest or "").startswith(digest.lower())


def _trusted_source(pattern: Pattern) -> _TrustedSource:
    origin = pattern.origin
    is_path = origin.type in ("folder", "zip")
    source = str(Path(origin.location).expanduser().resolve()) if is_path else origin.location
    return _TrustedSource(source, origin.subfolder, origin.commit, origin.digest or "")


def _read() -> _TrustFile:
    path = _file()
    try:
        return msgspec.json.decode(path.read_bytes(), type=_TrustFile)
    except FileNotFoundError:
        return _TrustFile()
    except OSError as error:
        raise DiskError(f"cannot read {path}: {error.strerror}") from error
    except msgspec.DecodeError as error:
        hint = "Repair it, or delete it: blueprint will ask again."
        raise DiskError(f"cannot read {path}: {explain(error)}", hint=hint) from error


def _file() -> Path:
    return config_folder() / "trusted.json"
