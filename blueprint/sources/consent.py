"""What somebody has agreed to run: pinned to the source, its commit and its content, and asked once."""

from pathlib import Path

import msgspec

from blueprint.errors import DiskError
from blueprint.patterns import Pattern
from blueprint.validation import explain

from .homes import config_folder, write_private

SHORTEST_DIGEST = 12
"""The fewest digits of a digest that name a content on the command line."""


class _Consent(msgspec.Struct, frozen=True):
    """`digest` covers all of what was fetched: a hook may call any file that came with it."""

    source: str
    subfolder: str
    commit: str | None
    digest: str


class _Consents(msgspec.Struct):
    format: int = 1
    trusted: list[_Consent] = []


def has_consent(pattern: Pattern) -> bool:
    """Whether somebody has agreed to the code of exactly this `pattern`. Raises DiskError."""
    return _consent(pattern) in _read().trusted


def remember_consent(pattern: Pattern) -> None:
    """Do not ask again for exactly this `pattern`. Raises DiskError."""
    consents = _read()
    consents.trusted.append(_consent(pattern))
    write_private(_file(), msgspec.json.format(msgspec.json.encode(consents), indent=2) + b"\n")


def names_content(digest: str, pattern: Pattern) -> bool:
    """Whether `digest`, which may be shortened, is that of the content of `pattern`."""
    return len(digest) >= SHORTEST_DIGEST and (pattern.origin.digest or "").startswith(digest.lower())


def _consent(pattern: Pattern) -> _Consent:
    origin = pattern.origin
    source = str(Path(origin.location).expanduser().resolve()) if origin.type != "git" else origin.location
    return _Consent(source, origin.subfolder, origin.commit, origin.digest or "")


def _read() -> _Consents:
    path = _file()
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Consents)
    except FileNotFoundError:
        return _Consents()
    except OSError as error:
        raise DiskError(f"cannot read {path}: {error.strerror}") from error
    except msgspec.DecodeError as error:
        hint = "Repair it, or delete it: blueprint will ask again."
        raise DiskError(f"cannot read {path}: {explain(error)}", hint=hint) from error


def _file() -> Path:
    return config_folder() / "trusted.json"
