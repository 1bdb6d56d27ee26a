"""Copier's worker for a template that is already fetched, with blueprint's render limits."""

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from copier._jinja_ext import get_yield_context
from copier._main import Worker
from copier._settings import SettingsModel
from copier._template import Template
from packaging.version import InvalidVersion, Version

from blueprint.patterns import Origin

from ..external import SAFE_EXTENSIONS
from ..render_limits import limit_rendering
from .code import RenderCode

_NO_ANSWERS: Mapping[str, Any] = MappingProxyType({})


class QuietWorker(Worker):
    """Copier worker that reads no user settings, does not prompt or print, and does not run git.

    `code` is what may run while it renders. The extensions of a template that is not trusted are not even
    imported.
    """

    code: RenderCode

    @cached_property
    def jinja_env(self) -> Any:
        """Copier's sandboxed environment, with blueprint's limits."""
        with self.code.modules.importable():
            environment = super().jinja_env
        limit_rendering(environment)
        self.code.limit_filters(environment)
        environment.__dict__["from_string"] = _cached_from_string(environment)
        return environment

    def _render_context(self) -> Any:
        """Return Copier's variables; the path of Python is not for a template that is not trusted."""
        context = super()._render_context()
        return context if self.code.trusted else {**context, "_copier_python": "python"}

    def _sync_git_index_executable_bit(self, dst_relpath: Path, src_mode: int) -> None:
        """Do nothing: a staging folder is not in a git repository."""


def _cached_from_string(environment: Any) -> Callable[[str], Any]:
    """Return the environment's `from_string` with a cache: Copier compiles the same few texts repeatedly."""
    compiled = cache(environment.from_string)

    def from_string(source: str) -> Any:
        template = compiled(source)
        # Compiling would reset the state of the `yield` tag.
        loop = get_yield_context(environment)
        loop.yield_name = loop.yield_iterable = None
        return template

    return from_string


def fetched_template(folder: Path, origin: Origin) -> Template:
    """Return the template in `folder`, with the attributes that Copier would set after cloning it."""
    template = Template(url=origin.location, ref=origin.ref)
    template.__dict__.update(
        local_abspath=folder.resolve(),
        vcs="git" if origin.commit else None,
        commit=origin.described,
        commit_hash=origin.commit,
        version=_version(origin.described),
        git_index_modes={},
    )
    return template


def open_worker(
    template: Template,
    target: Path,
    code: RenderCode,
    answers: Mapping[str, Any] = _NO_ANSWERS,
    *,
    tasks: bool = False,
    answers_file: str | None = None,
) -> QuietWorker:
    """Return a worker that copies `template` to `target` with `answers`, and defaults for the rest.

    While it renders, `code` may run. `answers_file` replaces the name of the file with the answers.

    `unsafe` turns off Copier's trust check, which our own replaces. Tasks run only with `tasks`.
    """
    worker = QuietWorker(
        src_path=template.url,
        dst_path=target,
        data=dict(answers),
        answers_file=Path(answers_file) if answers_file else None,
        settings=SettingsModel(),
        defaults=True,
        overwrite=True,
        quiet=True,
        unsafe=True,
        skip_tasks=not tasks,
    )
    extensions = code.extensions.values() if code.trusted else ()
    safe = (name for name in template.jinja_extensions if name in SAFE_EXTENSIONS)
    template.__dict__["jinja_extensions"] = (*safe, *extensions)
    worker.__dict__.update(template=template, code=code)
    return worker


def _version(described: str | None) -> Version | None:
    try:
        return Version(described) if described else None
    except InvalidVersion:
        return None
