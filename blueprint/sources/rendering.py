"""One way from a pattern of any kind to its files, and to the code that it wants to run."""

from dataclasses import replace

from blueprint import render as native
from blueprint.errors import UntrustedError
from blueprint.patterns import Answers, Origin, Pattern
from blueprint.render import File, Rendering, Tree

from .foreign import Code, ForeignPattern, Stage

SHORTEST_SECRET = 4
"""The shortest secret answer, in characters, that makes a file with it a secret file: shorter ones are
everywhere."""


def code_of(pattern: Pattern) -> tuple[Code, ...]:
    """What `pattern` wants to run on the user's machine; a native pattern wants nothing."""
    return (*pattern.scripts, *pattern.migrations) if isinstance(pattern, ForeignPattern) else ()


def runs_code(pattern: Pattern, *, updating: bool) -> bool:
    """Whether `pattern` runs code when a project is made, or when one is updated."""
    return isinstance(pattern, ForeignPattern) and bool(pattern.scripts or (updating and pattern.migrations))


def trusted(pattern: Pattern) -> Pattern:
    """`pattern` with the right to run its code: call it when somebody has agreed to `code_of` it."""
    return pattern.consent() if isinstance(pattern, ForeignPattern) and code_of(pattern) else pattern


def migrated(pattern: Pattern, tree: Tree, answers: Answers, stage: Stage, before: Origin) -> Tree:
    """What the migrations of a template make of the files `tree` of a project, in a staging folder.

    `before` is what the project was made from. Files that no migration changed are as they were. Raises
    RenderError, HostilePatternError or UntrustedError.
    """
    if not isinstance(pattern, ForeignPattern) or not pattern.migrations:
        return tree
    _check_consent(pattern)
    return {
        path: tree[path] if path in tree and _same(tree[path], file) else file
        for path, file in pattern.migrated(tree, answers, stage, before).items()
    }


def render(pattern: Pattern, answers: Answers) -> Rendering:
    """The files of `pattern` with `answers`, whatever its kind; nothing is written.

    Files with a secret answer in them are secret files. Raises PatternError, RenderError, HostilePatternError
    or UntrustedError.
    """
    if not isinstance(pattern, ForeignPattern):
        return _with_secrets(native.render(pattern, answers), pattern, answers)
    if pattern.scripts:
        _check_consent(pattern)
    return _with_secrets(pattern.files(answers), pattern, answers)


def _check_consent(pattern: ForeignPattern) -> None:
    if not pattern.consented:
        raise UntrustedError(
            f"{pattern.name} wants to run code of its own",
            hint="`blueprint pattern show` shows it, `--trust` agrees to it.",
        )


def _same(one: File, other: File) -> bool:
    return one.content == other.content and one.executable == other.executable


def _with_secrets(rendering: Rendering, pattern: Pattern, answers: Answers) -> Rendering:
    """An answer that is the default is no secret: everybody can read it in the pattern."""
    values = {str(answers.options[name]) for name in answers.secret}
    defaults = {str(pattern.options[name].default) for name in answers.secret}
    needles = [value.encode() for value in values - defaults if len(value) >= SHORTEST_SECRET]
    if not needles:
        return rendering
    tree = {
        path: replace(file, secret=True) if any(needle in file.content for needle in needles) else file
        for path, file in rendering.tree.items()
    }
    return replace(rendering, tree=tree)
