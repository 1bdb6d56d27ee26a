"""Find the files that depend on secret answers, by rendering with other answers.

What differs depends on them, whatever filters, defaults and macros are between.
"""

from collections.abc import Callable
from dataclasses import replace

from blueprint.errors import BlueprintError
from blueprint.patterns import NO_ANSWER, Answers, Option, Pattern, answer_options
from blueprint.patterns.secret_interview import ATTEMPTS, stand_in
from blueprint.render import File, Rendering, Tree


def mark_secret_files(
    rendering: Rendering, pattern: Pattern, answers: Answers, render: Callable[[Answers], Rendering]
) -> Rendering:
    """Mark the files of `rendering` that depend on secret answers; defaults are public, like the pattern.

    Commands and messages that depend on them are left out. `render` renders the pattern with other answers.
    If the pattern accepts no others, or fails with them, every file is secret.
    """
    other = _with_other_secrets(pattern, answers, render)
    if other is None:
        other = Rendering(tree={})
    return replace(
        rendering,
        tree={path: _marked(path, file, other.tree) for path, file in rendering.tree.items()},
        run=rendering.run if rendering.run == other.run else "",
        test=rendering.test if rendering.test == other.test else "",
        message=rendering.message if rendering.message == other.message else "",
    )


def _with_other_secrets(
    pattern: Pattern, answers: Answers, render: Callable[[Answers], Rendering]
) -> Rendering | None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return render(_other_answers(pattern, answers, attempt))
        except BlueprintError:
            continue
    return None


def _other_answers(pattern: Pattern, answers: Answers, attempt: int) -> Answers:
    """The `answers` with stand-ins for the secret ones, and the defaults that follow from these."""

    def choose(name: str, option: Option) -> object:
        if name in answers.given_secrets:
            return stand_in(option, answers.options[name], attempt)
        return NO_ANSWER if name in answers.secret else answers.options.get(name, NO_ANSWER)

    return answer_options(pattern, answers.project, choose)


def _marked(path: str, file: File, other: Tree) -> File:
    same = path in other and other[path].content == file.content
    return file if same else replace(file, secret=True)
