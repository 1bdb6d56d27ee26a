"""Where the pattern of a project is now, and whether it may be taken from there."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from blueprint.errors import DowngradeError, ProjectError, SourceError
from blueprint.patterns import Pattern
from blueprint.sources import find_pattern, remembered_source
from blueprint.sources.locations import is_path, parse_location, with_ref

from .load import Project
from .versions import version_key

_OTHER_VERSIONS: Mapping[str, str] = MappingProxyType(
    {
        "built-in": "Its version comes with blueprint: install the blueprint that has the one you want.",
        "installed": "Its version comes with its package: install the package that has the one you want.",
        "folder": "Put the version that you want there, and leave out --to.",
        "zip": "Put the version that you want there, and leave out --to.",
    }
)
"""How to get another version from a source that has only one."""


def find_update_source(
    project: Project, given: str | None = None, to: str | None = None
) -> tuple[Pattern, str]:
    """The pattern to update to, and what to remember it by: the recorded one, or what is `given` instead.

    `to` is the branch, tag or commit to take. It is remembered if one is remembered already: a project that
    follows the newest version goes on to do so. A folder is looked for from the folder that the project is
    in, where `new` is usually run, and then from here. Raises BlueprintError.
    """
    source = (
        project.source if given is None else project_relative_source(project.folder, remembered_source(given))
    )
    if to is not None:
        source = _at(project, source, to)
    pattern = find_pattern(resolve_source_path(project.folder, source), ref=to)
    if _is_another(project, pattern):
        raise ProjectError(
            f"{project.name} was made from the pattern {project.pattern}, not {pattern.name}",
            hint="Say with --pattern where that pattern is now.",
        )
    return pattern, source


def check_version(project: Project, pattern: Pattern) -> None:
    """Refuse to go back to an older version of the pattern. Raises DowngradeError."""
    if version_key(pattern.version) < version_key(project.version):
        raise DowngradeError(
            f"{project.name} was made from {pattern.name} {project.version}, and {pattern.version} is older",
            hint="Install the newest blueprint, or go back with --force."
            if pattern.origin.type == "built-in"
            else "Go back with --force.",
        )


def resolve_source_path(folder: Path, source: str) -> str:
    """The `source` of the project in `folder`, but a path as it is from here."""
    if is_path(source):
        path, mark, subfolder = source.partition("#")
        for start in (folder.parent, Path()):
            if (start / path).exists():
                return f"{os.path.join(start, path)}{mark}{subfolder}"
    return source


def project_relative_source(folder: Path, given: str) -> str:
    """`given`, but a relative path as it would have been typed where the project in `folder` is."""
    path, mark, subfolder = given.partition("#")
    if not is_path(given) or path.startswith("~") or Path(path).is_absolute():
        return given
    relative = os.path.relpath(path, folder.parent)
    return f"{relative if '/' in relative else f'./{relative}'}{mark}{subfolder}"


def _at(project: Project, source: str, to: str) -> str:
    """What to remember `source` by, taken at `to`. Raises SourceError if it has no versions."""
    location = parse_location(source)
    if location is None or location.type != "git":
        type_ = location.type if location else project.origin.type
        raise SourceError(f"{source} has only the version that is there", hint=_OTHER_VERSIONS[type_])
    return source if location.ref is None else with_ref(source, to)


def _is_another(project: Project, pattern: Pattern) -> bool:
    """Whether `pattern` is not what the project was made from.

    A template of another tool has no name of its own: it is called by its folder, which may have another now.
    """
    external = pattern.origin.kind != "native"
    return pattern.origin.kind != project.origin.kind or (not external and pattern.name != project.pattern)
