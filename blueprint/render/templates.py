"""The templates of one project: one sandbox, one context, every text compiled once."""

import os
import secrets as random
import stat
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from copy import copy
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, TemplateSyntaxError
from jinja2.bccache import Bucket

from blueprint import __version__
from blueprint.errors import PatternError, RenderError
from blueprint.patterns import Answers, Pattern
from blueprint.sandbox import Sandbox, explain


class TemplateFileError(RenderError):
    """What went wrong while the template `path` was rendered, at its `line` (1-based) if that is known."""

    def __init__(self, path: Path, line: int | None, problem: str) -> None:
        super().__init__(f"{path}, line {line}: {problem}" if line else f"{path}: {problem}")
        self.path = path
        self.line = line
        self.problem = problem


class Templates:
    """Renders the texts, paths and files of `pattern` for `answers`; all of them see `context`."""

    def __init__(self, pattern: Pattern, answers: Answers) -> None:
        self._pattern = pattern
        self._secrets = Secrets()
        self._sandbox = Sandbox(bytecode_cache=bytecode_cache())
        self.context: dict[str, Any] = {
            **answers.options,
            "project": answers.project,
            "package": answers.package,
            "pattern": {"name": pattern.name, "version": pattern.version, "title": pattern.title},
        }
        for name, expression in pattern.values.items():
            self.context[name] = self._evaluate(expression)
        self._layer = cache(self._overlay)
        self.text = cache(self._text)

    def each(self, each: Mapping[str, str] | None) -> Iterator["Templates"]:
        """Templates for each item of the list that an `each` of the pattern names. Raises PatternError."""
        if each is None:
            yield self
            return
        for name, expression in each.items():
            items = self._evaluate(expression)
            if not isinstance(items, list | tuple):
                raise PatternError(f"the pattern {self._pattern.name}: {expression!r} is not a list")
            yield from (self._with(name, item) for item in items)

    def _with(self, name: str, value: Any) -> "Templates":
        templates = copy(self)
        templates.context = {**self.context, name: value}
        templates.text = cache(templates._text)
        return templates

    def condition(self, when: str | None) -> bool:
        """Whether a `when` of the pattern holds; without one it does. Raises PatternError."""
        return when is None or bool(self._evaluate(when))

    def file(self, folder: Path, name: str) -> tuple[str, bool]:
        """The rendered text of the template `name` in `folder`, and whether it holds a secret.

        Includes are found relative to `folder`. Only here there are secrets: from a path or a value, one
        would get into files that do not know that they are secret. Raises RenderError.
        """
        calls = self._secrets.calls
        try:
            text = self._layer(folder).get_template(name).render(self.context, secret=self._secrets)
        except MemoryError:
            raise
        except UnicodeDecodeError as error:
            raise RenderError(f"{folder / name} is not UTF-8 text") from error
        except Exception as error:
            raise TemplateFileError(*_place(folder / name, error), explain(error)) from error
        return text, self._secrets.calls > calls

    def _overlay(self, folder: Path) -> Environment:
        return self._sandbox.overlay(loader=FileSystemLoader(folder))

    def _text(self, template: str) -> str:
        if "{" not in template:
            return template
        try:
            return self._sandbox.from_string(template).render(self.context)
        except MemoryError:
            raise
        except Exception as error:
            raise self._fault(template, error) from error

    def _evaluate(self, expression: str) -> Any:
        try:
            return self._sandbox.evaluate(expression, self.context)
        except MemoryError:
            raise
        except Exception as error:
            raise self._fault(expression, error) from error

    def _fault(self, text: str, error: Exception) -> PatternError:
        return PatternError(f"the pattern {self._pattern.name}: in {text!r}: {explain(error)}")


def _place(path: Path, error: Exception) -> tuple[Path, int | None]:
    """Where in a template `error` came from: Jinja writes the template's own lines into the traceback."""
    if isinstance(error, TemplateSyntaxError):
        return Path(error.filename or path), error.lineno
    line = None
    step = error.__traceback__
    while step:
        if step.tb_frame.f_code.co_filename == str(path):
            line = step.tb_lineno
        step = step.tb_next
    return path, line


class _ByContent(FileSystemBytecodeCache):
    """Compiled templates by their content: the next version of a pattern is in another folder, and most of
    its files are the same."""

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        checksum = self.get_source_checksum(source)
        bucket = Bucket(environment, self.get_cache_key(name, checksum), checksum)
        self.load_bytecode(bucket)
        if bucket.code and filename:
            bucket.code = bucket.code.replace(co_filename=filename)
        return bucket


def bytecode_cache() -> FileSystemBytecodeCache | None:
    """A cache in a folder that is this user's alone, or None when there can be no such folder."""
    folder = _cache_home() / "blueprint" / f"templates-{__version__}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
    except (OSError, RuntimeError):
        return None
    private = stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o077
    return _ByContent(str(folder)) if private and status.st_uid == os.getuid() else None


def _cache_home() -> Path:
    configured = os.environ.get("XDG_CACHE_HOME", "")
    return Path(configured) if os.path.isabs(configured) else Path.home() / ".cache"


class Secrets:
    """The `secret(name, bytes=32)` of the templates: one name, one value within one project."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self.calls = 0

    def __call__(self, name: str, bytes: int = 32) -> str:
        """URL-safe base64, without padding, of `bytes` random bytes."""
        self.calls += 1
        if name not in self._values:
            self._values[name] = urlsafe_b64encode(random.token_bytes(bytes)).rstrip(b"=").decode()
        return self._values[name]
