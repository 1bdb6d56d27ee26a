"""An update of a project, from what it remembers to the edits that have to be made."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint.errors import AnswersError, DowngradeError, OutdatedError, ProjectError, UnresolvedError
from blueprint.patterns import Answers, Pattern, Value, check_answers, find_pattern, option_exists
from blueprint.render import Tree, render

from .disk import read_tree
from .outcome import Change, Edit
from .recall import Project
from .reconcile import reconcile
from .situation import survey
from .state import STATE_FILES, pristine, with_state
from .textmerge import has_markers
from .versions import version_key


@dataclass(frozen=True)
class Update:
    """What becomes of each file, and the edits on disk that do it, with those of blueprint's own files."""

    changes: tuple[Change, ...]
    edits: tuple[Edit, ...]


def find_source(project: Project, given: str | None) -> tuple[Pattern, str]:
    """The pattern to update to, and what to remember it by: the recorded one, or what is `given` instead.

    A recorded folder is looked for from the folder that the project is in, where `new` is usually run, and
    then from here. Raises UnknownPatternError, PatternError or ProjectError.
    """
    source = project.source if given is None else _recorded(project, given)
    pattern = find_pattern(_located(project, source))
    if pattern.name != project.pattern:
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
            hint="Install the newest blueprint, or go back with --force.",
        )


def check_current(project: Project, pattern: Pattern) -> None:
    """Refuse a project that an update without other answers would change. Raises BlueprintError.

    The version alone does not decide: a pattern that is being written changes without a new one.
    """
    check_version(project, pattern)
    answers = check_answers(pattern, project.name, carried_options(project, pattern, {}))
    if pattern.version != project.version or pristine(render(pattern, answers).tree) != project.base:
        raise OutdatedError(
            f"{project.name} was made from {pattern.name} {project.version}, which has changed since",
            hint="Run `blueprint update` first, so that each change comes by itself.",
        )


def carried_options(project: Project, pattern: Pattern, given: Mapping[str, Any]) -> dict[str, Any]:
    """What is `given`, and the remembered answers to all other options that still exist with these."""
    resolved: dict[str, Value] = {}
    carried = dict(given)
    for name, option in pattern.options.items():
        if option_exists(pattern, name, resolved):
            if name not in given and name in project.options:
                carried[name] = project.options[name]
            resolved[name] = carried.get(name, option.default)
    return carried


def prepare_update(project: Project, pattern: Pattern, answers: Answers, source: str) -> Update:
    """Render anew and reconcile with the disk; nothing is written. Raises BlueprintError."""
    tree = render(pattern, answers).tree
    secrets = _secrets_before(project, pattern, answers)
    label = f"{pattern.name} {pattern.version}"
    situation = survey(project.folder, project.base, tree, label=label, secrets=secrets)
    unresolved = [path for path, file in situation.disk.items() if _unresolved(project, path, file.content)]
    if unresolved:
        raise UnresolvedError(
            f"conflicts of the last update are still in {', '.join(sorted(unresolved))}",
            hint="Decide between the sides, delete the lines with <<<<<<<, |||||||, ======= and >>>>>>>.",
        )
    changes = tuple(reconcile(situation))
    state = with_state(tree, pattern, answers, source)
    edits = [edit for change in changes for edit in change.edits]
    before = read_tree(project.folder, STATE_FILES)
    own = (Edit(path, before.get(path), state[path]) for path in STATE_FILES)
    return Update(changes, (*edits, *(edit for edit in own if edit.before != edit.after)))


def _secrets_before(project: Project, pattern: Pattern, answers: Answers) -> Tree:
    """The files of secrets as the pattern gives them with the answers before, if those were others."""
    if answers.options == project.options:
        return {}
    try:
        before = check_answers(pattern, project.name, carried_options(project, pattern, {}))
    except AnswersError:
        return {}
    return {path: file for path, file in render(pattern, before).tree.items() if file.secret}


def _unresolved(project: Project, path: str, content: bytes) -> bool:
    return has_markers(content) and not (path in project.base and has_markers(project.base[path].content))


def _located(project: Project, source: str) -> str:
    if "/" not in source and source not in (".", ".."):
        return source
    for start in (project.folder.parent, Path()):
        if (start / source / "pattern.yaml").is_file():
            return f"{start / source}/"
    return source


def _recorded(project: Project, given: str) -> str:
    """`given` as it would have been typed in the folder that the project is in."""
    if Path(given).is_absolute() or ("/" not in given and given not in (".", "..")):
        return given
    relative = os.path.relpath(given, project.folder.parent)
    return relative if "/" in relative else f"./{relative}"
