"""Render patterns of any kind, and report the code that they run."""

from dataclasses import replace
from typing import TYPE_CHECKING

from blueprint import render as native
from blueprint.errors import UntrustedError
from blueprint.patterns import Answers, Origin, Pattern
from blueprint.render import File, Rendering, Tree

if TYPE_CHECKING:
    from .external import ExternalPattern, MigrationStage, Script

SHORTEST_SECRET = 4
"""Minimum length of a secret answer, in characters, to mark the files that contain it as secret.

Shorter texts occur in many files by chance.
"""


def scripts_of(pattern: Pattern) -> "tuple[Script, ...]":
    """Return the code that `pattern` runs on the user's machine; a native pattern runs none."""
    external = _external(pattern)
    return (*external.scripts, *external.migrations) if external else ()


def runs_code(pattern: Pattern, *, updating: bool) -> bool:
    """Return whether `pattern` runs code when a project is created or, with `updating`, updated."""
    external = _external(pattern)
    return external is not None and bool(external.scripts or (updating and external.migrations))


def is_partial(pattern: Pattern) -> bool:
    """Return whether some options of `pattern` are known only when its code has run."""
    external = _external(pattern)
    return external is not None and external.partial


def as_trusted(pattern: Pattern) -> Pattern:
    """Return `pattern` with permission to run its code, which the user must have approved before."""
    external = _external(pattern)
    return external.as_trusted() if external and scripts_of(pattern) else pattern


def apply_migrations(
    pattern: Pattern, tree: Tree, answers: Answers, stage: "MigrationStage", before: Origin
) -> Tree:
    """Run the migrations of a template on the files `tree` of a project, in a staging folder.

    `before` is the origin that the project was made from. Unchanged files keep their marks as secret. Raises
    RenderError, HostilePatternError or UntrustedError.
    """
    external = _external(pattern)
    if external is None or not external.migrations:
        return tree
    _check_trust(external)
    return {
        path: tree[path] if path in tree and _is_unchanged(tree[path], file) else file
        for path, file in external.apply_migrations(tree, answers, stage, before).items()
    }


def render(pattern: Pattern, answers: Answers) -> Rendering:
    """Render a `pattern` of any kind with `answers`; nothing is written to the project.

    Files that contain a secret answer are marked as secret. Raises PatternError, RenderError,
    HostilePatternError, UntrustedError or SourceError.
    """
    external = _external(pattern)
    if external and external.scripts:
        _check_trust(external)
    rendering = external.render(answers) if external else native.render(pattern, answers)
    if pattern.origin.type not in ("built-in", "installed"):
        from .pointers import refuse_pointers

        refuse_pointers(rendering.tree, pattern.name)
    return _mark_secret_files(rendering, pattern, answers)


def _external(pattern: Pattern) -> "ExternalPattern | None":
    """Return `pattern` if it is a template of another tool, or None; for a native one, import nothing."""
    if pattern.origin.kind == "native":
        return None
    from .external import ExternalPattern

    return pattern if isinstance(pattern, ExternalPattern) else None


def _check_trust(pattern: "ExternalPattern") -> None:
    if not pattern.trusted:
        raise UntrustedError(
            f"{pattern.name} runs code that you have not trusted",
            hint="Review it with `blueprint pattern show`. To trust it, add --trust DIGEST.",
        )


def _is_unchanged(before: File, after: File) -> bool:
    return before.content == after.content and before.executable == after.executable


def _mark_secret_files(rendering: Rendering, pattern: Pattern, answers: Answers) -> Rendering:
    """Mark the files that contain a secret answer; a default is public, because the pattern contains it."""
    values = {str(answers.options[name]) for name in answers.secret}
    defaults = {str(pattern.options[name].default) for name in answers.secret}
    secrets = [value.encode() for value in values - defaults if len(value) >= SHORTEST_SECRET]
    if not secrets:
        return rendering
    tree = {
        path: replace(file, secret=True) if any(secret in file.content for secret in secrets) else file
        for path, file in rendering.tree.items()
    }
    return replace(rendering, tree=tree)
