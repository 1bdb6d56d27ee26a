"""Origin of a project's pattern: find it for an update, and check its name and version."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from blueprint.errors import DowngradeError, ProjectError, SourceError
from blueprint.patterns import Pattern
from blueprint.patterns.versions import version_key
from blueprint.sources import find_pattern, remembered_source
from blueprint.sources.locations import is_path, parse_location, with_ref

from .load import Project
from .naming import with_package_option

_OTHER_VERSIONS: Mapping[str, str] = MappingProxyType(
    {
        "built-in": "Its version comes with blueprint: install the version of blueprint that contains it.",
        "installed": "Its version comes with its package: install the version of the package that you want.",
        "folder": "Put the version that you want there, and omit --to.",
        "zip": "Put the version that you want there, and omit --to.",
    }
)
"""Hints on how to get another version from a source that has only one, by type of the source."""

_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "native": "pattern of blueprint",
        "copier": "Copier template",
        "cookiecutter": "Cookiecutter template",
    }
)
"""What people call each kind of pattern."""


def find_update_source(
    project: Project, given: str | None = None, to: str | None = None
) -> tuple[Pattern, str]:
    """Find the pattern to update to, and the source to remember: the recorded one, or `given` instead.

    `to` is the branch, tag or commit to use. It is only remembered for a project that is pinned to one, so a
    project that follows the newest version keeps doing so. A relative path is resolved against the parent of
    the project, where `new` is usually run, and then against the working directory. Raises BlueprintError.
    """
    source = (
        project.source if given is None else project_relative_source(project.folder, remembered_source(given))
    )
    if to is not None:
        source = _at(project, source, to)
    found = find_pattern(resolve_source_path(project.folder, source), ref=to)
    pattern = with_package_option(found, project.name)
    if pattern.origin.kind != project.origin.kind:
        raise ProjectError(
            f"{project.name} was made from a {_KINDS[project.origin.kind]}, and {source} has a "
            f"{_KINDS[pattern.origin.kind]} in this version",
            hint="Choose an earlier version with --to, or make a new project and move your edits there.",
        )
    if _is_another(project, pattern):
        raise ProjectError(
            f"{project.name} was made from the pattern {project.pattern}, not {pattern.name}",
            hint="Name the location of that pattern with --pattern.",
        )
    return pattern, source


def check_version(project: Project, pattern: Pattern) -> None:
    """Raise DowngradeError if `pattern` is older than the one that the project was made from."""
    if version_key(pattern.version) < version_key(project.version):
        raise DowngradeError(
            f"{project.name} was made from {pattern.name} {project.version}, and {pattern.version} is older",
            hint="Install the newest version of blueprint, or downgrade the project with --force."
            if pattern.origin.type == "built-in"
            else "Use --force to downgrade the project.",
        )


def resolve_source_path(folder: Path, source: str) -> str:
    """Resolve a path in the `source` of the project in `folder` against the working directory."""
    if is_path(source):
        path, mark, subfolder = source.partition("#")
        for start in (folder.parent, Path()):
            if (start / path).exists():
                return f"{os.path.join(start, path)}{mark}{subfolder}"
    return source


def working_folder_source(folder: Path, source: str) -> str:
    """Convert a relative path in the `source` of the project in `folder` to the working directory."""
    path, mark, subfolder = resolve_source_path(folder, source).partition("#")
    if not is_path(source) or source.startswith("~") or Path(source).is_absolute():
        return source
    return f"{os.path.join('.', os.path.relpath(path))}{mark}{subfolder}"


def project_relative_source(folder: Path, given: str) -> str:
    """Convert a relative path in `given` so that it starts at the parent of the project in `folder`."""
    path, mark, subfolder = given.partition("#")
    if not is_path(given) or path.startswith("~") or Path(path).is_absolute():
        return given
    relative = os.path.relpath(path, folder.parent)
    return f"{relative if '/' in relative else f'./{relative}'}{mark}{subfolder}"


def _at(project: Project, source: str, to: str) -> str:
    """The source to remember for `source` at the version `to`. Raises SourceError if it has no versions."""
    location = parse_location(source)
    if location is None or location.type != "git":
        type_ = location.type if location else project.origin.type
        raise SourceError(
            f"cannot select a version with --to: {source} has only one", hint=_OTHER_VERSIONS[type_]
        )
    return source if location.ref is None else with_ref(source, to)


def _is_another(project: Project, pattern: Pattern) -> bool:
    """Whether the project was made from a pattern other than `pattern`, which is of the same kind.

    External templates are not compared: they are named after their folders, which can be renamed.
    """
    return pattern.origin.kind == "native" and pattern.name != project.pattern
