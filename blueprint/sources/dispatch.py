"""Patterns of any source and kind: find them, render them, and report the code that they run.

Most projects use a built-in pattern, so the modules for the other sources are imported only when needed.
"""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from blueprint import patterns
from blueprint.errors import SourceError, UnknownPatternError, UntrustedError
from blueprint.patterns import Answers, Origin, Pattern, pattern_names
from blueprint.suggest import did_you_mean

if TYPE_CHECKING:
    from blueprint.render import Rendering, Tree

    from .external import ExternalPattern
    from .scripted import MigrationStage, PreviousVersion, Script, ScriptedPattern


def find_pattern(text: str, *, ref: str | None = None) -> Pattern:
    """Find the pattern `text`: a name, a folder, a zip file or the URL of a git repository.

    `ref` replaces the branch, tag or commit in a URL. Raises BlueprintError.
    """
    if ref is None and text in pattern_names():
        return patterns.find_pattern(text)
    from .locations import parse_location, with_ref
    from .resolve import resolve_location
    from .user_patterns import added_patterns

    if parse_location(text) is None and text not in pattern_names():
        added = added_patterns().get(text)
        if added is None:
            return _installed(text, ref)
        text = added.source
    if ref is not None:
        text = with_ref(text, ref)
    location = parse_location(text)
    return patterns.find_pattern(text) if location is None else resolve_location(location)


def remembered_source(text: str) -> str:
    """Return the text by which a project stores the source `text`, so that other users can find it, too.

    They do not have the name that this user gave to a repository, so the URL of the repository is stored.
    """
    if text in pattern_names():
        return text
    from .locations import is_path, parse_location
    from .user_patterns import added_patterns

    added = None if parse_location(text) else added_patterns().get(text)
    return text if added is None or is_path(added.source) else added.source


def _installed(name: str, ref: str | None) -> Pattern:
    from .installed import installed_patterns
    from .user_patterns import added_patterns

    installed, _ = installed_patterns()
    folder = installed.get(name)
    if folder is None:
        known = [*pattern_names(), *added_patterns(), *installed]
        raise UnknownPatternError(
            f"there is no pattern {name!r}{did_you_mean(name, known)}",
            hint=f"Known patterns: {', '.join(known)}. To use a folder, write ./{name}",
        )
    if ref is not None:
        raise SourceError(
            f"{name} has no versions to choose from", hint="Only a pattern in a git repository has versions."
        )
    from .native import load_native

    return load_native(folder, folder, Origin(type="installed", location=name))


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
    rendering = scripted.render(answers) if scripted else _render_native(pattern, answers)
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
