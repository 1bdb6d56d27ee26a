"""Templates of a project: one sandbox and one context, each template compiled once."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from functools import cache
from pathlib import Path
from secrets import token_bytes
from typing import Any

from jinja2 import Environment, FileSystemLoader, TemplateSyntaxError, pass_context
from jinja2.filters import do_random
from jinja2.runtime import Context

from blueprint.errors import PatternError, RenderError
from blueprint.patterns import Answers, Pattern
from blueprint.templating import Sandbox, bytecode_cache, explain

_LINE_ENDING_MARKS = {"\r\n": "\ufdd0", "\r": "\ufdd1"}
"""A mark for each line ending other than LF. It precedes the LF; no text contains these noncharacters."""

_LINE_ENDING = re.compile(r"\r\n|\r|\n")
_MARKED = re.compile(f"[{''.join(_LINE_ENDING_MARKS.values())}]\n")
_ENDINGS = {f"{mark}\n": ending for ending, mark in _LINE_ENDING_MARKS.items()}


class TemplateFileError(RenderError):
    """The template `path` failed to render: the `problem`, and its `line` (1-based) if it is known."""

    def __init__(self, path: Path, line: int | None, problem: str) -> None:
        super().__init__(f"{path}, line {line}: {problem}" if line else f"{path}: {problem}")
        self.path = path
        self.line = line
        self.problem = problem


class Templates:
    """Renders the texts, paths and files of a pattern with `context`: the answers and computed values."""

    def __init__(self, pattern: Pattern, answers: Answers) -> None:
        self._pattern = pattern
        self._secrets = Secrets()
        self._chance = _Chance()
        self._sandbox = Sandbox(bytecode_cache=bytecode_cache("templates"))
        self._sandbox.filters["random"] = self._chance.filter()
        self.context: dict[str, Any] = {
            **answers.options,
            **pattern_names(pattern, answers.project),
            "package": answers.package,
        }
        for name, expression in pattern.values.items():
            self.context[name] = self._value(name, expression)
        self._layer = cache(self._overlay)
        self.text = cache(self._text)

    def each(self, each: Mapping[str, str] | None) -> Iterator["Templates"]:
        """Yield templates for each item of a layer's `each`, or just `self` without one.

        Raises PatternError.
        """
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

    @property
    def random(self) -> bool:
        """Whether anything that was rendered so far depends on chance."""
        return self._chance.used or self._secrets.calls > 0

    @property
    def secrets(self) -> frozenset[str]:
        """The random values that the files got so far."""
        return frozenset(self._secrets.values.values())

    def condition(self, when: str | None) -> bool:
        """Return whether the condition `when` holds; a missing one does. Raises PatternError."""
        return when is None or bool(self._evaluate(when))

    def file(self, folder: Path, name: str) -> tuple[str, bool]:
        """Render the template `name` in `folder`; return the text, and whether it contains a secret.

        Includes are relative to `folder`. `secret` is available only to files: from a path or a value, a
        secret could get into files that are not marked as secret. Raises RenderError.
        """
        calls = self._secrets.calls
        try:
            template = self._layer(folder).get_template(name)
            text = _exact_line_endings(template.render(self.context, secret=self._secrets))
        except MemoryError:
            raise
        except UnicodeDecodeError as error:
            raise RenderError(f"{folder / name} is not UTF-8 text") from error
        except Exception as error:
            raise TemplateFileError(*_place(folder / name, error), explain(error)) from error
        return text, self._secrets.calls > calls

    def _overlay(self, folder: Path) -> Environment:
        return self._sandbox.overlay(loader=_ExactLoader(folder))

    def _text(self, template: str) -> str:
        if "{" not in template:
            return template
        try:
            return self._sandbox.text(template).render(self.context)
        except MemoryError:
            raise
        except Exception as error:
            raise self._error(template, error) from error

    def _evaluate(self, expression: str) -> Any:
        try:
            return self._sandbox.evaluate(expression, self.context)
        except MemoryError:
            raise
        except Exception as error:
            raise self._error(expression, error) from error

    def _value(self, name: str, text: str) -> Any:
        try:
            return self._sandbox.value(name, text, self.context)
        except MemoryError:
            raise
        except Exception as error:
            raise self._error(text, error) from error

    def _error(self, text: str, error: Exception) -> PatternError:
        return PatternError(f"the pattern {self._pattern.name}: in {text!r}: {explain(error)}")


def pattern_names(pattern: Pattern, project: str) -> dict[str, Any]:
    """Return what templates see before there are answers: the names of a project and its pattern."""
    return {
        "project": project,
        "package": Answers(project, {}).package,
        "pattern": {"name": pattern.name, "version": pattern.version, "title": pattern.title},
    }


def _place(path: Path, error: Exception) -> tuple[Path, int | None]:
    """Return the file and line of the template that `error` came from; Jinja puts both into the traceback."""
    if isinstance(error, TemplateSyntaxError):
        return Path(error.filename or path), error.lineno
    line = None
    traceback = error.__traceback__
    while traceback:
        if traceback.tb_frame.f_code.co_filename == str(path):
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return path, line


class _ExactLoader(FileSystemLoader):
    """Loader that marks the line endings in the text of a template, but not those inside its tags."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return the source with marks, its file, and whether it is up to date."""
        source, filename, is_current = super().get_source(environment, template)
        content = Path(filename).read_bytes()
        return _marked(content.decode(), environment) if b"\r" in content else source, filename, is_current


def _exact_line_endings(text: str) -> str:
    """Replace the marks in rendered `text` by the line endings that they stand for."""
    return _MARKED.sub(lambda match: _ENDINGS[match[0]], text)


def _marked(source: str, environment: Environment) -> str:
    """Mark the line endings of `source` that become text; Jinja trims and skips the others."""
    lines, endings = _LINE_ENDING.split(source), _LINE_ENDING.findall(source)
    in_text: set[int] = set()
    for number, kind, text in environment.lex("\n".join(lines)):
        if kind == "data":
            in_text.update(range(number, number + text.count("\n")))
    marked = (
        f"{line}{_LINE_ENDING_MARKS.get(ending, '') if number in in_text else ''}\n"
        for number, (line, ending) in enumerate(zip(lines, endings, strict=False), start=1)
    )
    return "".join(marked) + lines[-1]


class _Chance:
    """Records whether templates use the filter `random`, the only one of Jinja that depends on chance."""

    def __init__(self) -> None:
        self.used = False

    def filter(self) -> Callable[..., Any]:
        """Return the filter."""

        @pass_context
        def random(context: Context, items: Sequence[Any]) -> Any:
            self.used = True
            return do_random(context, items)

        return random


class Secrets:
    """The template function `secret(name, bytes=32)`: one random value per name and project."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.calls = 0

    def __call__(self, name: str, bytes: int = 32) -> str:
        """Return `bytes` random bytes in URL-safe base64 without padding; the same for the same `name`."""
        self.calls += 1
        if name not in self.values:
            self.values[name] = urlsafe_b64encode(token_bytes(bytes)).rstrip(b"=").decode()
        return self.values[name]
