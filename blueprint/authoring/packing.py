"""Pack a pattern into one file, once it has no problems."""

import os
from dataclasses import dataclass
from pathlib import Path

from blueprint.errors import DiskError, PatternError
from blueprint.patterns import Pattern

from .check import check_pattern
from .folding import FOLDED, fold
from .parcels import archive, archive_name, wheel, wheel_name
from .roots import Place


@dataclass(frozen=True)
class Parcel:
    """A pattern packed for others: the file, its size in bytes, and how many files from outside it has."""

    pattern: Pattern
    path: Path
    size: int
    files: int
    folded: int


def pack(place: Place, output: Path, *, as_wheel: bool) -> Parcel:
    """Write the pattern in `place` into a zip file or a wheel in the folder `output`.

    Raises PatternError if the pattern has problems, DiskError if the file cannot be written.
    """
    report = check_pattern(place)
    pattern = report.pattern
    if pattern is None or report.problems:
        number = len(report.problems)
        raise PatternError(
            f"the pattern in {place.folder} has {number} problem{'s' * (number > 1)}",
            hint="`blueprint pattern check` shows what to put right.",
        )
    tree = fold(pattern)
    content = wheel(pattern, tree) if as_wheel else archive(tree)
    path = output / (wheel_name(pattern) if as_wheel else archive_name(pattern))
    _write(path, content)
    folded = sum(name.startswith(f"{FOLDED}/") for name in tree)
    return Parcel(pattern, path, len(content), len(tree), folded)


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise DiskError(f"cannot write {path}: {error.strerror}", hint="Choose another --output.") from error
