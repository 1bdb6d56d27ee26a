"""Render patterns of any kind, and report the code that they run."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from blueprint.errors import RenderError, UntrustedError
from blueprint.patterns import Answers, Pattern

if TYPE_CHECKING:
    from blueprint.render import Rendering, Tree

    from .external import ExternalPattern
    from .scripted import MigrationStage, PreviousVersion, Script, ScriptedPattern


def scripts_of(pattern: Pattern) -> "tuple[Script, ...]":
    """Return the code that `pattern` runs on the user's machine."""
    scripted = _scripted(pattern)
    return (*scripted.scripts, *scripted.migration_scripts) if scripted else ()


def runs_code(pattern: Pattern, *, updating: bool) -> bool:
    """Return whether `pattern` runs code when a project is created or, with `updating`, updated."""
    scripted = _scripted(pattern)
    return scripted is not None and bool(scripted.scripts or (updating and scripted.migration_scripts))


def is_partial(pattern: Pattern) -> bool:
    """Return whether some options of `pattern` are known only when its code has run."""
    external = _external(pattern)
    return external is not None and external.partial


def as_trusted(pattern: Pattern) -> Pattern:
    """Return `pattern` with permission to run its code, which the user must have approved before."""
    scripted = _scripted(pattern)
    return scripted.as_trusted() if scripted and scripts_of(pattern) else pattern


def with_answers_file(pattern: Pattern, path: str) -> Pattern:
    """Return `pattern` so that it writes its answers file to `path`, if it has one and does not name it."""
    external = _external(pattern)
    return external.with_answers_file(path) if external else pattern


def opening_message(pattern: Pattern, project: str, *, updating: bool) -> str:
    """Return what `pattern` tells the user before it asks its questions. Raises PatternError."""
    external = _external(pattern)
    if external:
        return _printable(external.opening_message(project, updating=updating))
    if not (pattern.messages.before_update if updating else pattern.messages.before_new):
        return ""
    from blueprint.render.messages import opening_message

    return _printable(opening_message(pattern, project, updating=updating))


def apply_migrations(
    pattern: Pattern, tree: "Tree", answers: Answers, stage: "MigrationStage", before: "PreviousVersion"
) -> "Tree":
    """Run the migrations of a template on the files `tree` of a project, in a staging folder.

    `before` is the version that the project was made from. Files keep their marks as secret. Raises
    RenderError, HostilePatternError or UntrustedError.
    """
    scripted = _scripted(pattern)
    if scripted is None or not scripted.migration_scripts:
        return tree
    _check_trust(scripted)
    return {
        path: replace(file, secret=path in tree and tree[path].secret)
        for path, file in scripted.apply_migrations(tree, answers, stage, before).items()
    }


def render(pattern: Pattern, answers: Answers) -> "Rendering":
    """Render a `pattern` of any kind with `answers`; nothing is written to the project.

    Files that depend on a secret answer are marked as secret. Raises PatternError, RenderError,
    HostilePatternError, UntrustedError or SourceError.
    """
    rendering = _render(pattern, answers)
    if not answers.given_secrets:
        return rendering
    from .secret_files import mark_secret_files

    return mark_secret_files(rendering, pattern, answers, partial(_render_quietly, pattern))


def render_again(pattern: Pattern, answers: Answers) -> "Tree":
    """Render a second time, to find out what is random; the output of the template's code is not shown.

    Secret answers are not looked for. Raises the same errors as `render`.
    """
    return _render_quietly(pattern, answers).tree


def _render(pattern: Pattern, answers: Answers) -> "Rendering":
    scripted = _scripted(pattern)
    if scripted and scripted.scripts:
        _check_trust(scripted)
    try:
        rendering = scripted.render(answers) if scripted else _render_native(pattern, answers)
    except RenderError as error:
        from .pointers import refuse_needed_submodule

        refuse_needed_submodule(error.message, pattern.folder, pattern.name)
        raise
    if pattern.origin.type not in ("built-in", "installed"):
        from .pointers import refuse_pointers

        refuse_pointers(rendering.tree, pattern.name)
    messages = _printable(rendering.message), _printable(rendering.update_message)
    return replace(rendering, message=messages[0], update_message=messages[1])


def _render_native(pattern: Pattern, answers: Answers) -> "Rendering":
    # Imported here because listing patterns needs no template engine, which is slow to load.
    from blueprint import render as engine

    return engine.render(pattern, answers)


def _printable(text: str) -> str:
    if not text:
        return text
    from .sanitize import printable

    return printable(text).strip()


def _render_quietly(pattern: Pattern, answers: Answers) -> "Rendering":
    if not scripts_of(pattern):
        return _render(pattern, answers)
    from .staging import discarded_errors

    with discarded_errors():
        return _render(pattern, answers)


def _scripted(pattern: Pattern) -> "ScriptedPattern | None":
    """Return `pattern` if it can run code, or None; for a plain native one, import nothing."""
    if type(pattern) is Pattern:
        return None
    from .scripted import ScriptedPattern

    return pattern if isinstance(pattern, ScriptedPattern) else None


def _external(pattern: Pattern) -> "ExternalPattern | None":
    """Return `pattern` if it is a template of another tool, or None; for a native one, import nothing."""
    if pattern.origin.kind == "native":
        return None
    from .external import ExternalPattern

    return pattern if isinstance(pattern, ExternalPattern) else None


def _check_trust(pattern: "ScriptedPattern") -> None:
    if not pattern.trusted:
        raise UntrustedError(
            f"{pattern.name} runs code that you have not trusted",
            hint="Review it with `blueprint pattern show`. To trust it, add --trust DIGEST.",
        )
