"""An update of a project, from what it remembers to the edits that have to be made."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from blueprint.errors import AnswersError, OutdatedError, UnresolvedError
from blueprint.patterns import Answers, Pattern, check_answers
from blueprint.render import Tree
from blueprint.sources import render

from .disk import read_tree
from .load import Project
from .merge.inputs import collect_inputs
from .merge.outcome import FileChange, FileEdit
from .merge.text import has_markers
from .migrate import reconcile_with_migrations
from .origin import check_version
from .state import STATE_FILES, pristine, with_state


@dataclass(frozen=True)
class PreparedUpdate:
    """What becomes of each file, and the edits on disk that do it, with those of blueprint's own files."""

    changes: tuple[FileChange, ...]
    edits: tuple[FileEdit, ...]


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


def check_secrets(project: Project, pattern: Pattern, options: Mapping[str, Any]) -> None:
    """Refuse to go on without a secret that only the user knows: defaults would come in its place.

    Raises AnswersError.
    """
    missing = [name for name in project.secrets if name in pattern.options and name not in options]
    if missing:
        raise AnswersError(
            f"the answer to {missing[0]} is secret, and remembered nowhere",
            hint=f"Use --set {missing[0]}=...",
        )


def carried_options(project: Project, pattern: Pattern, given: Mapping[str, Any]) -> dict[str, Any]:
    """What is `given`, and the remembered answers to all other options that still exist with these."""
    return existing_options(pattern, project.name, project.options, given)


def existing_options(
    pattern: Pattern, project: str, remembered: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Any]:
    """What is `given`, and what is `remembered` for all other options that exist with these answers."""
    interview = pattern.interview(project)
    options = dict(given)
    for name in pattern.options:
        option = interview.option(name)
        if option is not None:
            if name not in given and name in remembered:
                options[name] = remembered[name]
            interview.answer(name, options.get(name, option.default))
    return options


def prepare_update(project: Project, pattern: Pattern, answers: Answers, source: str) -> PreparedUpdate:
    """Render anew and reconcile with the disk; nothing is written. Raises BlueprintError."""
    rendering = render(pattern, answers)
    tree = rendering.tree
    secrets = _secrets_before(project, pattern, answers)
    label = f"{pattern.name} {pattern.version}"
    inputs = replace(
        collect_inputs(project.folder, project.base, tree, label=label, secrets=secrets), once=rendering.once
    )
    unresolved = [path for path, file in inputs.disk.items() if _unresolved(project, path, file.content)]
    if unresolved:
        raise UnresolvedError(
            f"conflicts of the last update are still in {', '.join(sorted(unresolved))}",
            hint="Decide between the sides, delete the lines with <<<<<<<, |||||||, ======= and >>>>>>>.",
        )
    changes = tuple(reconcile_with_migrations(inputs, pattern, answers, project.origin))
    state = with_state(tree, pattern, answers, source)
    edits = [edit for change in changes for edit in change.edits]
    before = read_tree(project.folder, STATE_FILES)
    own = (FileEdit(path, before.get(path), state[path]) for path in STATE_FILES)
    return PreparedUpdate(changes, (*edits, *(edit for edit in own if edit.before != edit.after)))


def _secrets_before(project: Project, pattern: Pattern, answers: Answers) -> Tree:
    """The files of secrets as the pattern gives them with the answers before, if those were others."""
    if answers.remembered == project.options:
        return {}
    try:
        before = check_answers(pattern, project.name, carried_options(project, pattern, {}))
    except AnswersError:
        return {}
    return {path: file for path, file in render(pattern, before).tree.items() if file.secret}


def _unresolved(project: Project, path: str, content: bytes) -> bool:
    return has_markers(content) and not (path in project.base and has_markers(project.base[path].content))
