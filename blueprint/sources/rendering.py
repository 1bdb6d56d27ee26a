"""One way from a pattern of any kind to its files, and to the code that it wants to run."""

from dataclasses import replace
from typing import TYPE_CHECKING

from blueprint import render as native
from blueprint.errors import UntrustedError
from blueprint.patterns import Answers, Origin, Pattern
from blueprint.render import File, Rendering, Tree

if TYPE_CHECKING:
    from .external import ExternalPattern, MigrationStage, Script

SHORTEST_SECRET = 4
"""The shortest secret answer, in characters, that makes a file with it a secret file: shorter ones are
everywhere."""


def scripts_of(pattern: Pattern) -> "tuple[Script, ...]":
    """What `pattern` wants to run on the user's machine; a native pattern wants nothing."""
    external = _external(pattern)
    return (*external.scripts, *external.migrations) if external else ()


def runs_code(pattern: Pattern, *, updating: bool) -> bool:
    """Whether `pattern` runs code when a project is made, or when one is updated."""
    external = _external(pattern)
    return external is not None and bool(external.scripts or (updating and external.migrations))


def as_trusted(pattern: Pattern) -> Pattern:
    """`pattern` with the right to run its code: call it when somebody has agreed to `scripts_of` it."""
    external = _external(pattern)
    return external.as_trusted() if external and scripts_of(pattern) else pattern


def apply_migrations(
    pattern: Pattern, tree: Tree, answers: Answers, stage: "MigrationStage", before: Origin
) -> Tree:
    """What the migrations of a template make of the files `tree` of a project, in a staging folder.

    `before` is what the project was made from. Files that no migration changed are as they were. Raises
    RenderError, HostilePatternError or UntrustedError.
    """
    external = _external(pattern)
    if external is None or not external.migrations:
        return tree
    _check_trust(external)
    return {
        path: tree[path] if path in tree and _same(tree[path], file) else file
        for path, file in external.apply_migrations(tree, answers, stage, before).items()
    }


def render(pattern: Pattern, answers: Answers) -> Rendering:
    """The files of `pattern` with `answers`, whatever its kind; nothing is written.

    Files with a secret answer in them are secret files. Raises PatternError, RenderError, HostilePatternError
    or UntrustedError.
    """
    external = _external(pattern)
    if external is None:
        return _with_secrets(native.render(pattern, answers), pattern, answers)
    if external.scripts:
        _check_trust(external)
    return _with_secrets(external.render(answers), pattern, answers)


def _external(pattern: Pattern) -> "ExternalPattern | None":
    """`pattern` if it is the template of another tool, or None; a native pattern imports nothing more."""
    if pattern.origin.kind == "native":
        return None
    from .external import ExternalPattern

    return pattern if isinstance(pattern, ExternalPattern) else None


def _check_trust(pattern: "ExternalPattern") -> None:
    if not pattern.trusted:
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
