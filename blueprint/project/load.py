"""What a project remembers of how it was made: read with care, since a project can come from a stranger."""

import gzip
import io
import tarfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from blueprint.documents import DocumentError, read_document
from blueprint.errors import HostilePatternError, ProjectError
from blueprint.patterns import Value
from blueprint.patterns.model import BUILT_IN, Origin
from blueprint.patterns.options import FORMS, SemanticVersion, Slug
from blueprint.render import File, Tree
from blueprint.render.engine import MAX_FILES, MAX_TOTAL
from blueprint.render.paths import STATE, check_collisions, check_path
from blueprint.schema_errors import explain

from .state import ANSWERS, PRISTINE, SOURCE

_TAR_OVERHEAD = 2048
"""The most that tar adds to one file, in bytes: two headers, padding and an extended name."""


@dataclass(frozen=True)
class Project:
    """A project that blueprint made: where it is, what from, with which answers, and what was written.

    `source` is what the user called the pattern, and `origin` where that was. `secrets` are the options that
    were answered with something that is remembered nowhere.
    """

    folder: Path
    name: str
    source: str
    pattern: str
    version: str
    origin: Origin
    options: Mapping[str, Value]
    secrets: Sequence[str]
    base: Tree


class _Source(msgspec.Struct):
    """The content of source.yaml; a later format may add to it."""

    format: int
    pattern: Slug
    version: SemanticVersion
    origin: Origin = BUILT_IN
    secrets: list[str] = []


def find_project(start: Path) -> Path:
    """The folder of the project that `start` is in: itself or one above. Raises ProjectError."""
    folder = start.absolute()
    for candidate in (folder, *folder.parents):
        if (candidate / STATE).is_dir():
            return candidate
    raise ProjectError(
        f"there is no project of blueprint in {start}",
        hint=f"A project has a folder {STATE}. Give the path of one.",
    )


def load_project(folder: Path) -> Project:
    """What the project in `folder` remembers. Raises ProjectError."""
    source = _read_source(folder / SOURCE)
    answers = _read_mapping(folder / ANSWERS)
    name, called = answers.pop("project", None), answers.pop("pattern", None)
    if not isinstance(name, str) or not isinstance(called, str):
        raise _damaged(folder / ANSWERS, "it does not say `project` and `pattern`")
    return Project(
        folder=folder,
        name=name,
        source=called,
        pattern=source.pattern,
        version=source.version,
        origin=source.origin,
        options=answers,
        secrets=source.secrets,
        base=_read_archive(folder / PRISTINE),
    )


def _read_source(path: Path) -> _Source:
    try:
        source = msgspec.convert(_read_mapping(path), _Source)
    except msgspec.ValidationError as error:
        raise _damaged(path, explain(error, FORMS)) from error
    if source.format != 1:
        raise ProjectError(
            f"{path} has the format {source.format}, which this blueprint does not know",
            hint="Use the blueprint that wrote it, or a newer one.",
        )
    return source


def _read_mapping(path: Path) -> dict[str, Any]:
    try:
        content = read_document(path).data
    except OSError as error:
        raise _damaged(path, error.strerror or str(error)) from error
    except DocumentError as error:
        raise _damaged(path, error.message) from error
    if not isinstance(content, dict):
        raise _damaged(path, "it is not a mapping")
    return content


def _read_archive(path: Path) -> Tree:
    limit = MAX_TOTAL + MAX_FILES * _TAR_OVERHEAD
    try:
        with gzip.open(path) as compressed:
            content = compressed.read(limit + 1)
        if len(content) > limit:
            raise _damaged(path, "it is too large")
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            tree = {check_path(member.name): _file(archive, member) for member in archive}
        check_collisions(tree)
    except OSError as error:
        raise _damaged(path, error.strerror or str(error)) from error
    except HostilePatternError as error:
        raise _damaged(path, error.message) from error
    except (EOFError, zlib.error, tarfile.TarError) as error:
        raise _damaged(path, "it is not the archive that blueprint wrote") from error
    return tree


def _file(archive: tarfile.TarFile, member: tarfile.TarInfo) -> File:
    stream = archive.extractfile(member) if member.isreg() else None
    if stream is None:
        raise HostilePatternError(f"{member.name} is not a plain file")
    return File(stream.read(), executable=bool(member.mode & 0o100))


def _damaged(path: Path, problem: str) -> ProjectError:
    return ProjectError(f"cannot use {path}: {problem}", hint="Restore it, from git or a backup.")
