"""Copier's worker, with a template that is on this machine already and our limits on what it renders."""

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

from ..render_limits import limit_rendering

_NO_ANSWERS: Mapping[str, Any] = MappingProxyType({})


class QuietWorker(Worker):
    """Neither reads the user's settings of Copier, nor asks, nor tells, nor starts git for each file."""

    @cached_property
    def jinja_env(self) -> Any:
        """Copier's sandbox, with our limits."""
        environment = super().jinja_env
        limit_rendering(environment)
        environment.__dict__["from_string"] = _compiled_once(environment)
        return environment

    def _sync_git_index_executable_bit(self, dst_relpath: Path, src_mode: int) -> None:
        """Nothing to do: no staging folder is in a git repository."""


def _compiled_once(environment: Any) -> Callable[[str], Any]:
    """The environment's `from_string`, but each text is compiled only once: Copier renders the same few again
    and again. What compiling resets besides, for the `yield` tag, is reset each time."""
    compiled = cache(environment.from_string)

    def from_string(source: str) -> Any:
        template = compiled(source)
        loop = get_yield_context(environment)
        loop.yield_name = loop.yield_iterable = None
        return template

    return from_string


def fetched_template(folder: Path, origin: Origin) -> Template:
    """The template in `folder`, with what Copier would find out by cloning it."""
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
    answers: Mapping[str, Any] = _NO_ANSWERS,
    *,
    tasks: bool = False,
) -> QuietWorker:
    """A worker that would copy `template` to `target` with `answers`, and defaults for the rest.

    It is `unsafe` so that Copier leaves it to us which code has been agreed to; no task runs unless `tasks`.
    """
    worker = QuietWorker(
        src_path=template.url,
        dst_path=target,
        data=dict(answers),
        settings=SettingsModel(),
        defaults=True,
        overwrite=True,
        quiet=True,
        unsafe=True,
        skip_tasks=not tasks,
    )
    worker.__dict__["template"] = template
    return worker


def _version(described: str | None) -> Version | None:
    try:
        return Version(described) if described else None
    except InvalidVersion:
        return None
