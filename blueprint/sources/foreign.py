"""Templates of other tools as patterns: what they have in common."""

from dataclasses import dataclass

from msgspec.structs import replace

from blueprint import render as native
from blueprint.errors import UntrustedError
from blueprint.patterns import Answers, Pattern
from blueprint.render import Rendering


@dataclass(frozen=True)
class Code:
    """Something that a template wants to run on the user's machine: what it is, and its text."""

    what: str
    text: str


class ForeignPattern(Pattern, frozen=True, kw_only=True):
    """A template of another tool. `consented` says that its code may run."""

    consented: bool = False

    def code(self) -> tuple[Code, ...]:
        """All that would run on the user's machine."""
        raise NotImplementedError

    def render(self, answers: Answers) -> Rendering:
        """The files, rendered by the tool itself. Raises RenderError or HostilePatternError."""
        raise NotImplementedError


def code_of(pattern: Pattern) -> tuple[Code, ...]:
    """What `pattern` wants to run on the user's machine; a native pattern wants nothing."""
    return pattern.code() if isinstance(pattern, ForeignPattern) else ()


def trusted(pattern: Pattern) -> Pattern:
    """`pattern` with the right to run its code: call it when somebody has agreed to that."""
    return replace(pattern, consented=True) if isinstance(pattern, ForeignPattern) else pattern


def render(pattern: Pattern, answers: Answers) -> Rendering:
    """The files of `pattern` with `answers`, whatever its kind; nothing is written.

    Raises PatternError, RenderError, HostilePatternError or UntrustedError.
    """
    if not isinstance(pattern, ForeignPattern):
        return native.render(pattern, answers)
    if pattern.code() and not pattern.consented:
        raise UntrustedError(
            f"{pattern.name} wants to run code of its own",
            hint=f"blueprint pattern show {pattern.origin.location} shows it.",
        )
    return pattern.render(answers)
