"""One way from a pattern of any kind to its files, and to the code that it wants to run."""

from dataclasses import replace

from blueprint import render as native
from blueprint.errors import UntrustedError
from blueprint.patterns import Answers, Pattern
from blueprint.render import Rendering

from .foreign import Code, ForeignPattern

SHORTEST_SECRET = 4
"""The shortest secret answer, in characters, that makes a file with it a secret file: shorter ones are
everywhere."""


def code_of(pattern: Pattern) -> tuple[Code, ...]:
    """What `pattern` wants to run on the user's machine; a native pattern wants nothing."""
    return pattern.scripts if isinstance(pattern, ForeignPattern) else ()


def trusted(pattern: Pattern) -> Pattern:
    """`pattern` with the right to run its code: call it when somebody has agreed to `code_of` it."""
    return pattern.consent() if isinstance(pattern, ForeignPattern) and pattern.scripts else pattern


def render(pattern: Pattern, answers: Answers) -> Rendering:
    """The files of `pattern` with `answers`, whatever its kind; nothing is written.

    Files with a secret answer in them are secret files. Raises PatternError, RenderError, HostilePatternError
    or UntrustedError.
    """
    if not isinstance(pattern, ForeignPattern):
        return _with_secrets(native.render(pattern, answers), pattern, answers)
    if pattern.scripts and not pattern.consented:
        raise UntrustedError(
            f"{pattern.name} wants to run code of its own",
            hint="`blueprint pattern show` shows it, `--trust` agrees to it.",
        )
    return _with_secrets(pattern.files(answers), pattern, answers)


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
