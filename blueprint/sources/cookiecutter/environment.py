"""Cookiecutter's Jinja environment, which is not sandboxed, in a sandbox with our limits."""

import logging
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cookiecutter import generate, hooks
from cookiecutter.environment import ExtensionLoaderMixin
from jinja2.sandbox import SandboxedEnvironment

from blueprint.errors import HostilePatternError, PatternError
from blueprint.sandbox import Undefined

from ..external import SAFE_EXTENSIONS
from ..render_limits import limit_rendering

# Cookiecutter logs the traceback of a hook that fails; what it was is in our own error.
logging.getLogger("cookiecutter").addHandler(logging.NullHandler())


_OURS = frozenset({"context", "extensions", "undefined", "loader", "top"})
"""What a template cannot set: its extensions are only those that somebody has seen."""


class Environment(ExtensionLoaderMixin, SandboxedEnvironment):  # type: ignore[misc]
    """What Cookiecutter's StrictEnvironment is, sandboxed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(undefined=Undefined, **options)
        limit_rendering(self)


class PathEnvironment(Environment):
    """The environment of files: only their paths come as strings, and all of them must stay below `top`."""

    def __init__(self, top: Path, **options: Any) -> None:
        super().__init__(**options)
        self._top = top

    def from_string(self, source: Any, *args: Any, **kwargs: Any) -> Any:
        """A template for a path."""
        return _PathTemplate(super().from_string(source, *args, **kwargs), self._top)


class _PathTemplate:
    def __init__(self, template: Any, top: Path) -> None:
        self._template = template
        self._top = top

    def render(self, **context: Any) -> str:
        path = str(self._template.render(**context))
        if ".." in Path(path).parts or not (self._top / path).is_relative_to(self._top):
            raise HostilePatternError(
                f"the template wants to write {path!r}, which is outside of the project"
            )
        return path


def environment_for(variables: Mapping[str, Any], *, trusted: bool) -> Environment:
    """The environment that Cookiecutter makes for the variables of a template.

    Extensions are not even imported until somebody trusts the template.
    """
    return Environment(**_options(variables, trusted=trusted))


@contextmanager
def sandboxed(top: Path, *, trusted: bool) -> Iterator[None]:
    """Let Cookiecutter render in our environments, and write only below `top`."""

    def files(context: Any) -> Environment:
        return PathEnvironment(top, **_options(context["cookiecutter"], trusted=trusted))

    def scripts(context: Any) -> Environment:
        return environment_for(context["cookiecutter"], trusted=trusted)

    before = generate.create_env_with_context, hooks.create_env_with_context
    generate.create_env_with_context, hooks.create_env_with_context = files, scripts
    try:
        yield
    finally:
        generate.create_env_with_context, hooks.create_env_with_context = before


@contextmanager
def temporary_hook_scripts() -> Iterator[None]:
    """Remove the scripts that Cookiecutter writes to run hooks, and leaves: answers are in them."""
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="blueprint-hooks-") as folder:
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = before


@contextmanager
def importable(folder: Path, *, trusted: bool) -> Iterator[None]:
    """Let extensions be imported from the template, as Cookiecutter does, if somebody trusts it."""
    if not trusted:
        yield
        return
    before, bytecode = list(sys.path), sys.dont_write_bytecode
    sys.path.append(str(folder))
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.path[:], sys.dont_write_bytecode = before, bytecode


def _options(variables: Mapping[str, Any], *, trusted: bool) -> dict[str, Any]:
    extensions = [name for name in variables.get("_extensions", ()) if trusted or name in SAFE_EXTENSIONS]
    settings = variables.get("_jinja2_env_vars", {})
    if _OURS & set(settings):
        raise PatternError(f"_jinja2_env_vars has {', '.join(sorted(_OURS & set(settings)))}")
    return {
        "context": {"cookiecutter": {"_extensions": extensions}},
        "keep_trailing_newline": True,
        **settings,
    }
