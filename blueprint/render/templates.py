"""The templates of one project: one sandbox, one context, every text compiled once."""

from collections.abc import Iterator, Mapping
from copy import copy
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, TemplateSyntaxError

from blueprint.errors import PatternError, RenderError
from blueprint.patterns import Answers, Pattern
from blueprint.sandbox import Sandbox, explain

from .bytecode import bytecode_cache
from .secrets import Secrets


class TemplateFault(RenderError):
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
            raise TemplateFault(*_place(folder / name, error), explain(error)) from error
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
