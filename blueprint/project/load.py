"""Load the state of a project, or of one template of it, from `.blueprint/`.

A project may come from a stranger, so everything in it is validated.
"""

import gzip
import io
import os
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

from .state import MAIN, PRIVATE, TEMPLATES, is_template_name, state_files, state_id

_TAR_OVERHEAD = 2048
"""Upper limit, in bytes, of what tar adds to one file: two headers, padding and an extended name."""


@dataclass(frozen=True)
class Project:
    """The remembered state of a project: its pattern, its answers and the files that blueprint wrote.

    A project with several templates has one such state for each `template`; the first is named "main".
    `source` is the pattern as the user named it, `origin` is where that was found, and `included` are the
    versions of the patterns that it includes, by their names. `secrets` are the
    options with secret answers, whose values are not stored. `base` are the files as rendered. A fresh clone
    has none of those that git does not track; `complete` says that they are there, in the same version.
    `answered` says that they were rendered with these `options`, which the user may have edited, and
    `blueprint` by which version of blueprint.
    """

    folder: Path
    template: str
    name: str
    source: str
    pattern: str
    version: str
    origin: Origin
    included: Mapping[str, str]
    options: Mapping[str, Value]
    secrets: Sequence[str]
    base: Tree
    complete: bool
    answered: bool
    blueprint: str


class _Source(msgspec.Struct):
    """Content of source.yaml. Unknown keys are ignored, so that later versions can add keys."""

    format: int
    pattern: Slug
    version: SemanticVersion
    blueprint: str = ""
    origin: Origin = BUILT_IN
    included: dict[Slug, SemanticVersion] = {}
    secrets: list[str] = []


def find_project(start: Path) -> Path:
    """Find the project that contains `start`, as git finds its repository. Raises ProjectError."""
    folder = start.absolute()
    # A folder that does not exist is a typing error, even inside of a project.
    for candidate in (folder, *folder.parents) if folder.exists() else ():
        state = candidate / STATE
        if state.is_symlink() or (candidate == folder and state.exists() and not state.is_dir()):
            found = "a symbolic link" if state.is_symlink() else "a file"
            raise ProjectError(
                f"{state} is {found}, and must be a folder", hint="Restore the folder from git or a backup."
            )
        if state.is_dir():
            return candidate
    raise ProjectError(
        f"{start} is not in a blueprint project",
        hint=f"Run the command in a project, or give its path. A project contains a folder {STATE}.",
    )


def load_templates(folder: Path) -> Mapping[str, Project]:
    """Load the state of every template of the project in `folder`, by name: "main" first, then by name.

    Raises ProjectError, also if they are larger together than one template can be.
    """
    templates: dict[str, Project] = {}
    size = 0
    for name in (MAIN, *_further_templates(folder)):
        templates[name] = load_project(folder, name)
        size += sum(len(file.content) for file in templates[name].base.values())
        if size > MAX_TOTAL:
            raise _damaged(folder / TEMPLATES, "the templates are too large")
    return templates


def _further_templates(folder: Path) -> list[str]:
    """The names of further templates.

    One without any file that git tracks is a leftover of another branch, and does not count.
    """
    parent = folder / TEMPLATES
    if parent.is_symlink() or not parent.is_dir():
        return []
    return sorted(
        name
        for name in os.listdir(parent)
        if is_template_name(name)
        and not (parent / name).is_symlink()
        and any((folder / path).exists() for path in state_files(name).tracked)
    )


def load_project(folder: Path, template: str = MAIN) -> Project:
    """Load the state of the project in `folder`. Raises ProjectError if it is missing or damaged."""
    files = state_files(template)
    source = _read_source(folder / files.source)
    answers = _read_mapping(folder / files.answers)
    name, pattern_source = answers.pop("project", None), answers.pop("pattern", None)
    if not isinstance(name, str) or not isinstance(pattern_source, str):
        raise _damaged(folder / files.answers, "`project` or `pattern` is missing")
    public = _read_archive(folder / files.pristine)
    private_path = folder / files.private_pristine
    private = _read_archive(private_path) if os.path.lexists(private_path) else _Archive({}, "", "")
    base = {**public.tree, **private.tree}
    _check_together(private_path, base)
    return Project(
        folder=folder,
        template=template,
        name=name,
        source=pattern_source,
        pattern=source.pattern,
        version=source.version,
        origin=source.origin,
        included=source.included,
        options=answers,
        secrets=source.secrets,
        base=base,
        complete=private.belongs_to == public.id,
        answered=public.belongs_to == state_id((folder / files.answers).read_bytes()),
        blueprint=source.blueprint,
    )


def _read_source(path: Path) -> _Source:
    content = _read_mapping(path)
    # Checked first: another format may have other keys.
    if isinstance(number := content.get("format"), int) and number != 1:
        raise ProjectError(
            f"{path} has format {number}, which this version of blueprint cannot read",
            hint="Install a newer version of blueprint.",
        )
    try:
        return msgspec.convert(content, _Source)
    except msgspec.ValidationError as error:
        raise _damaged(path, explain(error, FORMS)) from error


def _read_mapping(path: Path) -> dict[str, Any]:
    try:
        content = read_document(path).data
    except OSError as error:
        raise _damaged(path, error.strerror or str(error)) from error
    except DocumentError as error:
        line = f"line {error.line} " if error.line else "it "
        raise _damaged(path, f"{line}{error.message}") from error
    if not isinstance(content, dict):
        raise _damaged(path, "it is not a mapping")
    return content


@dataclass(frozen=True)
class _Archive:
    """The files of an archive, its id, and the id of the archive that it belongs to, if any."""

    tree: Tree
    id: str
    belongs_to: str


def _read_archive(path: Path) -> _Archive:
    limit = MAX_TOTAL + MAX_FILES * _TAR_OVERHEAD
    try:
        with path.open("rb") as file:
            packed = file.read(limit + 1)
        with gzip.open(io.BytesIO(packed)) as compressed:
            content = compressed.read(limit + 1)
        if len(content) > limit:
            raise _damaged(path, "it is too large")
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            tree = {check_path(member.name): _file(archive, member) for member in archive}
            belongs_to = archive.pax_headers.get("comment", "")
        check_collisions(tree)
    except OSError as error:
        raise _damaged(path, error.strerror or "it is not a gzip file") from error
    except HostilePatternError as error:
        raise _damaged(path, error.message) from error
    except (EOFError, zlib.error, tarfile.TarError) as error:
        raise _damaged(path, "it is not the archive that blueprint wrote") from error
    return _Archive(tree, state_id(packed), belongs_to)


def _check_together(path: Path, base: Tree) -> None:
    try:
        check_collisions(base)
    except HostilePatternError as error:
        raise _damaged(path, error.message) from error


def _file(archive: tarfile.TarFile, member: tarfile.TarInfo) -> File:
    stream = archive.extractfile(member) if member.isreg() else None
    if stream is None:
        raise HostilePatternError(f"{member.name} is not a regular file")
    return File(stream.read(), bool(member.mode & 0o100), secret=not member.mode & 0o044)


def _damaged(path: Path, problem: str) -> ProjectError:
    private = path.parent.name == PRIVATE
    hint = "Delete it; the next update works without it." if private else "Restore it from git or a backup."
    return ProjectError(f"cannot use {path}: {problem}", hint=hint)
