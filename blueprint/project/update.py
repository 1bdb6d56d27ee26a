"""Preparation of an update: from the remembered state of a project to the edits on disk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from blueprint.errors import AnswersError, OutdatedError, UnresolvedError
from blueprint.patterns import (
    Answers,
    Interview,
    Option,
    Pattern,
    TextList,
    check_answers,
    check_value,
    describe_values,
)
from blueprint.render import File, Rendering, Tree
from blueprint.sources import render
from blueprint.sources.scripted import PreviousVersion

from .disk import read_tree
from .git import RULES, ignore_rules, ignored_paths
from .load import Project
from .merge.inputs import collect_inputs
from .merge.outcome import FileChange, FileEdit
from .merge.reconcile import reconcile
from .merge.text import has_markers
from .migrate import reconcile_with_migrations
from .origin import check_version
from .rerender import rerender
from .state import private_paths, state_files, with_state


@dataclass(frozen=True)
class TemplateUpdate:
    """An update of one template of a project, before it is prepared.

    `project` is the remembered state, and `pattern`, `answers` and `source` are the new ones. Migrations do
    not run if a template is only being `added`.
    """

    project: Project
    pattern: Pattern
    answers: Answers
    source: str
    added: bool = False


@dataclass(frozen=True)
class PreparedUpdate:
    """The change of each file, and all edits on disk, including those of the state files.

    `wanted` is what was asked for, and `rendering` what the template gives now.
    """

    wanted: TemplateUpdate
    changes: tuple[FileChange, ...]
    edits: tuple[FileEdit, ...]
    rendering: Rendering


def check_current(project: Project, pattern: Pattern) -> None:
    """Raise OutdatedError if an update with the same answers would change the project.

    The files are compared as well as the version, because a pattern under development changes without a new
    version. Raises DowngradeError or another BlueprintError if the pattern cannot be used.
    """
    check_version(project, pattern)
    answers = check_answers(pattern, project.name, carried_options(project, pattern, {}))
    tree, base = rerender(project, pattern, answers).tree, project.base
    if not project.complete:
        private = private_paths(tree, {**tree, **ignore_rules(project.folder, tree)})
        tree, base = ({path: each[path] for path in each.keys() - private} for each in (tree, base))
    if pattern.version != project.version or _unmarked(tree) != _unmarked(base):
        raise OutdatedError(
            f"{pattern.name} {project.version} has changed since {project.name} was last updated",
            hint="Run `blueprint update` first, so that you can review the two changes separately.",
        )


def _unmarked(tree: Tree) -> Tree:
    """`tree` without marks as secret, which can come from another template of the project."""
    return {path: replace(file, secret=False) for path, file in tree.items()}


def check_secrets(project: Project, pattern: Pattern, options: Mapping[str, Any]) -> None:
    """Raise AnswersError if a secret answer is missing from `options`.

    Secrets are not stored in the project. Without this check, the default would silently replace the secret.
    """
    missing = [name for name in project.secrets if name in pattern.options and name not in options]
    if missing:
        raise AnswersError(
            f"the option {missing[0]} is secret, so its value is not stored in the project",
            hint=f"Set it again with --set {missing[0]}=...",
        )


def carried_options(project: Project, pattern: Pattern, given: Mapping[str, Any]) -> dict[str, Any]:
    """Combine the `given` answers with the remembered answers to all other options that still exist.

    A remembered answer that the pattern no longer accepts is left out, so that the default applies; a list
    keeps the choices that still exist. `rejected_answers` reports both.
    """
    interview = pattern.interview(project.name)
    options = dict(given)
    for name in pattern.options:
        option = interview.option(name)
        if option is None:
            continue
        if name not in given and name in project.options:
            remembered = _existing_choices(option, project.options[name])
            if _is_accepted(interview, name, option, remembered):
                options[name] = remembered
                continue
        interview.answer(name, options.get(name, option.default))
    return options


def rejected_answers(project: Project, pattern: Pattern, answers: Answers) -> dict[str, str]:
    """The remembered answers that `pattern` no longer accepts, each with a description of what it accepts.

    Answers that the user has replaced by something other than the default are left out.
    """
    interview = pattern.interview(project.name)
    rejected = {}
    for name, value in answers.options.items():
        option = interview.option(name)
        if option is None:
            continue
        remembered = project.options.get(name, value)
        fallback = value in (option.default, _existing_choices(option, remembered))
        changed = fallback and remembered != value and name not in answers.secret
        if changed and not _is_accepted(interview, name, option, remembered):
            rejected[name] = describe_values(option)
        interview.answer(name, value)
    return rejected


def _is_accepted(interview: Interview, name: str, option: Option, value: Any) -> bool:
    """Whether `value` answers `option`; if so, it is the answer in `interview`."""
    try:
        interview.answer(name, check_value(name, option, value))
    except AnswersError:
        return False
    return True


def _existing_choices(option: Option, value: Any) -> Any:
    """Those items of the list `value` that `option` still offers; any other value, or none, as it is."""
    if isinstance(option, TextList) and option.choices and isinstance(value, list):
        return [item for item in value if item in option.choices] or value
    return value


def existing_options(
    pattern: Pattern, project: str, remembered: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Any]:
    """Combine `given` with the `remembered` answers to all other options that exist with these answers."""
    interview = pattern.interview(project)
    options = dict(given)
    for name in pattern.options:
        option = interview.option(name)
        if option is not None:
            if name not in given and name in remembered:
                options[name] = remembered[name]
            interview.answer(name, options.get(name, option.default))
    return options


def prepare_update(
    update: TemplateUpdate, others: Mapping[str, Tree], earlier: Sequence[FileEdit]
) -> PreparedUpdate:
    """Render a template of a project again and merge it with the disk, without writing.

    `others` are the files of the project's other templates, and `earlier` edits count as made. Raises
    BlueprintError.
    """
    project, pattern, answers = update.project, update.pattern, update.answers
    rendering = rerender(project, pattern, answers)
    tree = with_secrets(rendering.tree, others)
    pending = {edit.path: edit.after for edit in earlier}
    rules = {**tree, **ignore_rules(project.folder, tree), **_rules_in(earlier)}
    label = f"{pattern.name} {pattern.version}"
    inputs = replace(
        collect_inputs(project.folder, project.base, tree, label=label, pending=pending),
        secrets=_secrets_before(project, pattern, answers, tree),
        ignored=ignored_paths(rules, tree) | ignored_paths(tree, tree),
        once=rendering.once,
        shared=shared_files({*project.base, *tree}, others),
    )
    unresolved = [path for path, file in inputs.disk.items() if is_unresolved(project, path, file.content)]
    if unresolved:
        raise UnresolvedError(sorted(unresolved))
    reconciled = (
        reconcile(inputs)
        if update.added
        else reconcile_with_migrations(inputs, pattern, answers, previous_version(project))
    )
    changes = tuple(replace(change, template=project.template) for change in reconciled)
    edits = [edit for change in changes for edit in change.edits]
    rules |= _rules_in(edits)
    state = with_state(tree, pattern, answers, update.source, rules, project.template)
    paths = state_files(project.template).paths
    before = read_tree(project.folder, paths)
    own = (FileEdit(path, before.get(path), state.get(path)) for path in paths)
    edits += (edit for edit in own if _is_change(edit))
    return PreparedUpdate(update, changes, tuple(edits), replace(rendering, tree=tree))


def previous_version(project: Project) -> PreviousVersion:
    """The version of the pattern that `project` was made from."""
    return PreviousVersion(project.origin, project.version, project.included)


def shared_files(paths: Iterable[str], others: Mapping[str, Tree]) -> dict[str, str]:
    """Those of `paths` that other templates write too, with the names of these templates."""
    owners = {path: [name for name, tree in others.items() if path in tree] for path in paths}
    return {path: ", ".join(names) for path, names in owners.items() if names}


def with_secrets(tree: Tree, others: Mapping[str, Tree]) -> Tree:
    """`tree` with the files marked as secret that are secret for another template.

    They can take over random values of the project, which must not get into the archive in git.
    """
    secret = {path for other in others.values() for path, file in other.items() if file.secret}
    return {path: replace(file, secret=file.secret or path in secret) for path, file in tree.items()}


def _rules_in(edits: Sequence[FileEdit]) -> dict[str, File]:
    """The .gitignore files that `edits` write."""
    return {
        edit.path: edit.after
        for edit in edits
        if edit.after is not None and PurePosixPath(edit.path).name == RULES
    }


def _is_change(edit: FileEdit) -> bool:
    """Whether an edit changes the file; whether it is secret cannot be seen on disk."""
    if edit.before is None or edit.after is None:
        return edit.before is not edit.after
    return edit.before.content != edit.after.content


def _secrets_before(project: Project, pattern: Pattern, answers: Answers, tree: Tree) -> Tree:
    """Secret files without a base as rendered with the previous answers, if the answers have changed."""
    unknown = any(file.secret and path not in project.base for path, file in tree.items())
    if not unknown or answers.remembered == project.options:
        return {}
    try:
        before = check_answers(pattern, project.name, carried_options(project, pattern, {}))
    except AnswersError:
        return {}
    return {path: file for path, file in render(pattern, before).tree.items() if file.secret}


def is_unresolved(project: Project, path: str, content: bytes) -> bool:
    """Whether the `content` of a file has conflict markers that are not part of the template itself."""
    return has_markers(content) and not (path in project.base and has_markers(project.base[path].content))
