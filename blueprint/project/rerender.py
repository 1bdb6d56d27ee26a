"""Rendering for an update: what did not change in the template does not change in the project."""

from collections.abc import Callable
from dataclasses import replace

from blueprint import __version__
from blueprint.errors import TargetError
from blueprint.patterns import Answers, Origin, Pattern
from blueprint.render import File, Rendering
from blueprint.sources import render, render_again, with_answers_file

from .disk import read_file
from .foreign_answers import answers_file
from .load import Project
from .random_values import keep_random_values
from .state import private_paths


def rerender(project: Project, pattern: Pattern, answers: Answers) -> Rendering:
    """Render `pattern` for an update of `project`. Raises BlueprintError.

    The same template with the same answers gives what it gave before, whatever it would make of the date or
    of chance now. Otherwise the pattern is rendered twice if chance can play a part, and random values stay
    as the project has them.
    """
    same = _is_same(project, pattern, answers)
    if same and project.complete:
        return Rendering(tree=project.base)
    path = answers_file(project.template, project.base)
    if path is not None:
        pattern = with_answers_file(pattern, path)
    first = render(pattern, answers)
    tree = first.tree
    changed = (path not in project.base or _differs(project.base[path], file) for path, file in tree.items())
    if not first.repeatable and any(changed):
        second = render_again(pattern, answers)
        tree = keep_random_values(tree, second, _file_before(project), [*project.base])
    if same:
        private = private_paths(tree, tree)
        tree = {path: file for path, file in tree.items() if path in private or path in project.base}
        tree |= {
            path: replace(file, secret=path in tree and tree[path].secret)
            for path, file in project.base.items()
            if path not in private
        }
    return replace(first, tree=tree)


def _is_same(project: Project, pattern: Pattern, answers: Answers) -> bool:
    """Whether template, answers and engine are those of the last rendering; nobody knows that of secrets."""
    return (
        pattern.origin.digest is not None
        and _content(pattern.origin) == _content(project.origin)
        and project.blueprint == __version__
        and project.answered
        and dict(answers.remembered) == dict(project.options)
        and not (answers.given_secrets or project.secrets)
    )


def _content(origin: Origin) -> tuple[str | None, ...]:
    """What a template can render of its origin, apart from its place."""
    return origin.digest, origin.subfolder, origin.ref, origin.commit, origin.described


def _differs(before: File, file: File) -> bool:
    return (before.content, before.executable) != (file.content, file.executable)


def _file_before(project: Project) -> Callable[[str], File | None]:
    """Return a function that finds a file as it was rendered or, where that is unknown, as it is on disk."""

    def find(path: str) -> File | None:
        try:
            return project.base.get(path) or read_file(project.folder, path)
        except TargetError:
            return None

    return find
