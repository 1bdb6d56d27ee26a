"""Render patterns of any kind, and report the code that they run."""

from functools import partial
from typing import TYPE_CHECKING

from blueprint import render as native
from blueprint.errors import UntrustedError
from blueprint.patterns import Answers, Origin, Pattern
from blueprint.render import File, Rendering, Tree

if TYPE_CHECKING:
    from .external import ExternalPattern, MigrationStage, Script


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


def as_further_template(pattern: Pattern, name: str) -> Pattern:
    """Return `pattern` for a project that was made from another one, and knows this one by `name`."""
    external = _external(pattern)
    return external.as_further_template(name) if external else pattern


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

    Files that depend on a secret answer are marked as secret. Raises PatternError, RenderError,
    HostilePatternError, UntrustedError or SourceError.
    """
    rendering = _render(pattern, answers)
    if not answers.given_secrets:
        return rendering
    from .secret_files import mark_secret_files

    return mark_secret_files(rendering, pattern, answers, partial(_render_quietly, pattern))


def render_again(pattern: Pattern, answers: Answers) -> Tree:
    """Render a second time, to find out what is random; the output of the template's code is not shown.

    Secret answers are not looked for. Raises the same errors as `render`.
    """
    return _render_quietly(pattern, answers).tree


def _render(pattern: Pattern, answers: Answers) -> Rendering:
    external = _external(pattern)
    if external and external.scripts:
        _check_trust(external)
    rendering = external.render(answers) if external else native.render(pattern, answers)
    if pattern.origin.type not in ("built-in", "installed"):
        from .pointers import refuse_pointers

        refuse_pointers(rendering.tree, pattern.name)
    return rendering


def _render_quietly(pattern: Pattern, answers: Answers) -> Rendering:
    if not scripts_of(pattern):
        return _render(pattern, answers)
    from .staging import discarded_errors

    with discarded_errors():
        return _render(pattern, answers)


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
