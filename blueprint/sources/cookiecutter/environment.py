"""Sandboxed Jinja environments for Cookiecutter, which has no sandbox itself."""

import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cookiecutter import generate, hooks
from cookiecutter.environment import ExtensionLoaderMixin
from jinja2.sandbox import SandboxedEnvironment

from blueprint.errors import HostilePatternError, PatternError
from blueprint.templating import Undefined

from ..external import SAFE_EXTENSIONS
from ..program_text import check_encoding
from ..render_limits import limit_rendering

# Keep Cookiecutter from printing the traceback of a failed hook: our error message reports the failure.
logging.getLogger("cookiecutter").addHandler(logging.NullHandler())


_RESERVED = frozenset({"context", "extensions", "undefined", "loader", "top"})
"""Settings that a template may not change: with `extensions`, for example, it could evade the trust check."""


class Environment(ExtensionLoaderMixin, SandboxedEnvironment):  # type: ignore[misc]
    """Cookiecutter's StrictEnvironment in a sandbox, with blueprint's limits."""

    def __init__(self, **options: Any) -> None:
        super().__init__(undefined=Undefined, **options)
        limit_rendering(self)


class PathEnvironment(Environment):
    """Environment for files, whose paths must stay below `top`.

    Cookiecutter renders paths from strings and contents from files, so every string is a path.
    """

    def __init__(self, top: Path, **options: Any) -> None:
        super().__init__(**options)
        self._top = top

    def from_string(self, source: Any, *args: Any, **kwargs: Any) -> Any:
        """Return a template for a path."""
        return _PathTemplate(super().from_string(source, *args, **kwargs), self._top)


class _PathTemplate:
    def __init__(self, template: Any, top: Path) -> None:
        self._template = template
        self._top = top

    def render(self, **context: Any) -> str:
        path = str(self._template.render(**context))
        if ".." in Path(path).parts or not (self._top / path).is_relative_to(self._top):
            raise HostilePatternError(f"the template may not write {path!r}: the path is outside the project")
        return path


class HookEnvironment(Environment):
    """Environment for hooks, which must run as the text that was shown."""

    def from_string(self, source: Any, *args: Any, **kwargs: Any) -> Any:
        """Return a template for a hook."""
        return _HookTemplate(super().from_string(source, *args, **kwargs))


class _HookTemplate:
    def __init__(self, template: Any) -> None:
        self._template = template

    def render(self, **context: Any) -> str:
        text = str(self._template.render(**context))
        check_encoding(text, "a hook of the template")
        return text


def environment_for(variables: Mapping[str, Any], *, trusted: bool) -> Environment:
    """Return the environment for a template with these variables.

    The extensions of a template that is not `trusted` are not even imported.
    """
    return Environment(**_options(variables, trusted=trusted))


@contextmanager
def sandboxed(top: Path, *, trusted: bool) -> Iterator[None]:
    """Make Cookiecutter render in sandboxed environments and write only below `top`."""

    def for_files(context: Any) -> Environment:
        return PathEnvironment(top, **_options(context["cookiecutter"], trusted=trusted))

    def for_hooks(context: Any) -> Environment:
        return HookEnvironment(**_options(context["cookiecutter"], trusted=trusted))

    originals = generate.create_env_with_context, hooks.create_env_with_context
    generate.create_env_with_context, hooks.create_env_with_context = for_files, for_hooks
    try:
        yield
    finally:
        generate.create_env_with_context, hooks.create_env_with_context = originals


@contextmanager
def temporary_hook_scripts() -> Iterator[None]:
    """Delete the rendered hooks that Cookiecutter leaves in the temporary folder: they contain answers."""
    previous = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="blueprint-hooks-") as folder:
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = previous


def _options(variables: Mapping[str, Any], *, trusted: bool) -> dict[str, Any]:
    extensions = [name for name in variables.get("_extensions", ()) if trusted or name in SAFE_EXTENSIONS]
    settings = variables.get("_jinja2_env_vars", {})
    reserved = sorted(_RESERVED & set(settings))
    if reserved:
        raise PatternError(f"_jinja2_env_vars may not set {' and '.join(reserved)}")
    return {
        "context": {"cookiecutter": {"_extensions": extensions}},
        "keep_trailing_newline": True,
        **settings,
    }
