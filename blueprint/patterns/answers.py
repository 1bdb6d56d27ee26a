"""Answers to the options of a pattern, checked before anything renders."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any, TypeGuard, assert_never

from jinja2 import TemplateError

from blueprint.errors import AnswersError, PatternError
from blueprint.sandbox import Sandbox, TooMuchError, bounded
from blueprint.suggest import nearest

from .model import (
    MAX_ITEM_NAME,
    MAX_ITEMS,
    MAX_TEXT,
    Boolean,
    Choice,
    Integer,
    Option,
    Pattern,
    Several,
    Text,
    Value,
)
from .words import expected

_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


@dataclass(frozen=True)
class Answers:
    """The name of a project and a value for every option that exists for it, in the pattern's order."""

    project: str
    options: Mapping[str, Value]

    @property
    def package(self) -> str:
        """The name of the project as a Python identifier."""
        return self.project.replace("-", "_")


def parse_value(name: str, option: Option, text: str) -> Value:
    """What `text` from a command line or a prompt means as the value of `option`. Raises AnswersError."""
    match option:
        case Boolean():
            if text.lower() in _WORDS:
                return _WORDS[text.lower()]
        case Integer():
            try:
                return int(text)
            except ValueError:
                pass
        case Choice() | Text():
            return text
        case Several():
            return [item.strip() for item in text.split(",") if item.strip()]
        case _:
            assert_never(option)
    raise _wrong(name, option, text)


def check_value(name: str, option: Option, value: Any) -> Value:
    """`value` if `option` may be answered with it. Raises AnswersError."""
    match option:
        case Boolean() if isinstance(value, bool):
            return value
        case Integer() if type(value) is int and _in_range(option, value):
            return value
        case Choice() if isinstance(value, str) and value in option.choices:
            return value
        case Text() if _is_line(value):
            return value
        case Several() if isinstance(value, list) and _are_items(option, value):
            return value
    raise _wrong(name, option, value)


def check_answers(pattern: Pattern, project: str, given: Mapping[str, Any]) -> Answers:
    """Check what was `given` and fill in the defaults. Raises AnswersError."""
    for name in given:
        if name not in pattern.options:
            raise AnswersError(
                f"the pattern {pattern.name} has no option {name!r}{nearest(name, pattern.options)}",
                hint=f"Its options: {', '.join(pattern.options) or 'none'}.",
            )
    options: dict[str, Value] = {}
    for name, option in pattern.options.items():
        if not option_exists(pattern, name, options):
            if name in given:
                raise AnswersError(
                    f"the option {name} does not exist with these answers",
                    hint=f"It exists only when {option.when}.",
                )
            continue
        options[name] = check_value(name, option, given.get(name, option.default))
    return Answers(project, options)


def option_exists(pattern: Pattern, name: str, options: Mapping[str, Value]) -> bool:
    """Whether the option `name` exists, given the `options` before it. Raises PatternError."""
    when = pattern.options[name].when
    if when is None:
        return True
    try:
        with bounded():
            return bool(Sandbox().evaluate(when, dict(options)))
    except (TemplateError, TooMuchError) as error:
        raise PatternError(f"{pattern.folder}: the condition of option {name} ({when}): {error}") from error


def _in_range(option: Integer, value: int) -> bool:
    low = option.minimum is None or option.minimum <= value
    return low and (option.maximum is None or value <= option.maximum)


def _is_line(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) <= MAX_TEXT and value.isprintable()


def _are_items(option: Several, items: list[Any]) -> bool:
    fit = all(_is_line(item) and item and _is_item(option, item) for item in items)
    return fit and len(items) <= MAX_ITEMS and len(set(items)) == len(items)


def _is_item(option: Several, item: str) -> bool:
    if option.choices and item not in option.choices:
        return False
    return option.item is None or (is_item_name(item) and item not in option.reserved)


def is_item_name(text: str) -> bool:
    """Whether `text` can be part of a path, the name of a Python module and, with dashes, that of a host."""
    fits = re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", text) and len(text) <= MAX_ITEM_NAME
    return bool(fits) and not iskeyword(text)


def _wrong(name: str, option: Option, value: Any) -> AnswersError:
    suggestion = nearest(str(value), option.choices) if isinstance(option, Choice) else ""
    return AnswersError(
        f"{value!r} is no value for {name}{suggestion}", hint=f"{name} is {expected(option)}."
    )
