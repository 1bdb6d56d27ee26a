"""Reproducible packages of a pattern: a zip file, or a wheel that pip installs."""

import base64
import csv
import hashlib
import io
import os
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from blueprint import __version__
from blueprint.errors import DiskError, PatternError
from blueprint.patterns import Pattern
from blueprint.render import File, Tree
from blueprint.sources.installed import GROUP

from .bundle import BUNDLED, bundle
from .check import check_pattern
from .pattern_location import PatternLocation

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Timestamp of every file: the earliest that a zip file can store."""

_WHEEL = {
    "Wheel-Version": "1.0",
    "Generator": f"blueprint {__version__}",
    "Root-Is-Purelib": "true",
    "Tag": "py3-none-any",
}

_VERSION = re.compile(r"(\d+\.\d+\.\d+)(?:-(alpha|beta|a|b|rc)\.?(\d+))?(?:\+([a-z0-9.]+))?", re.IGNORECASE)


def zip_archive(tree: Tree) -> bytes:
    """Pack `tree` into a zip file that `blueprint new --pattern` accepts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path, file in tree.items():
            zipped.writestr(_entry(path, file), file.content)
    return packed.getvalue()


def zip_name(pattern: Pattern) -> str:
    """The name of the zip file of `pattern`."""
    return f"{pattern.name}-{pattern.version}.zip"


def wheel(pattern: Pattern, tree: Tree) -> bytes:
    """Build a wheel (binary distribution format 1.0) whose entry point lets blueprint find the pattern.

    Raises PatternError if the version of the pattern is not valid for a Python package.
    """
    package = _package(pattern)
    info = f"{package}-{_version(pattern)}.dist-info"
    files = {f"{package}/{path}": file for path, file in tree.items()}
    files[f"{package}/__init__.py"] = File(f'"""{pattern.title}: a pattern for blueprint."""\n'.encode())
    files[f"{info}/METADATA"] = File(_metadata(pattern, tree))
    files[f"{info}/WHEEL"] = File(_headers(_WHEEL))
    files[f"{info}/entry_points.txt"] = File(f"[{GROUP}]\n{pattern.name} = {package}\n".encode())
    files[f"{info}/RECORD"] = File(_record(files, f"{info}/RECORD"))
    return zip_archive(files)


def wheel_name(pattern: Pattern) -> str:
    """The name of the wheel of `pattern`. Raises PatternError as `wheel` does."""
    return f"{_package(pattern)}-{_version(pattern)}-py3-none-any.whl"


def _entry(path: str, file: File) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _ZIP_EPOCH)
    entry.create_system = 3
    entry.external_attr = (0o100755 if file.executable else 0o100644) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _package(pattern: Pattern) -> str:
    return f"blueprint_pattern_{pattern.name.replace('-', '_')}"


def _version(pattern: Pattern) -> str:
    """The version in the form of Python packages (PEP 440): `1.2.0rc1` for `1.2.0-rc.1`."""
    match = _VERSION.fullmatch(pattern.version)
    if match is None:
        raise PatternError(
            f"{pattern.version} is not a valid version of a Python package",
            hint="Use a version such as 1.2.3, 1.2.3-alpha.1, 1.2.3-beta.1 or 1.2.3-rc.1.",
        )
    release, stage, number, local = match.groups()
    stages = {"alpha": "a", "beta": "b"}
    prerelease = f"{stages.get(stage.lower(), stage.lower())}{number}" if stage else ""
    return f"{release}{prerelease}{f'+{local}' if local else ''}"


def _metadata(pattern: Pattern, tree: Tree) -> bytes:
    headers = {
        "Metadata-Version": "2.1",
        "Name": f"blueprint-pattern-{pattern.name}",
        "Version": _version(pattern),
        "Summary": pattern.summary,
        "Keywords": "blueprint",
    }
    readme = tree.get("README.md")
    if readme is None:
        return _headers(headers)
    return _headers({**headers, "Description-Content-Type": "text/markdown"}) + b"\n" + readme.content


def _headers(headers: Mapping[str, str]) -> bytes:
    return "".join(f"{name}: {value}\n" for name, value in headers.items()).encode()


def _record(files: Tree, record: str) -> bytes:
    """The RECORD file of a wheel: all files with their hashes, except for its own."""
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\n")
    for path, file in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(file.content).digest()).rstrip(b"=").decode()
        writer.writerow([path, f"sha256={digest}", len(file.content)])
    writer.writerow([record, "", ""])
    return rows.getvalue().encode()


@dataclass(frozen=True)
class PackedPattern:
    """A packed pattern: its file, the size in bytes, and the numbers of all files and of bundled ones."""

    pattern: Pattern
    path: Path
    size: int
    files: int
    bundled: int


def pack(location: PatternLocation, output: Path, *, as_wheel: bool) -> PackedPattern:
    """Pack the pattern in `location` into a zip file or a wheel in the folder `output`.

    Raises PatternError if the pattern has problems, DiskError if the file cannot be written.
    """
    report = check_pattern(location)
    pattern = report.pattern
    if pattern is None or report.problems:
        number = len(report.problems)
        raise PatternError(
            f"the pattern in {location.folder} has {number} problem{'s' * (number > 1)}",
            hint="Fix what `blueprint pattern check` reports.",
        )
    tree = bundle(pattern)
    content = wheel(pattern, tree) if as_wheel else zip_archive(tree)
    path = output / (wheel_name(pattern) if as_wheel else zip_name(pattern))
    _write(path, content)
    bundled = sum(name.startswith(f"{BUNDLED}/") for name in tree)
    return PackedPattern(pattern, path, len(content), len(tree), bundled)


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise DiskError(
            f"cannot write {path}: {error.strerror}", hint="Choose another folder with --output."
        ) from error
