"""Answers to the options of a pattern, checked before anything renders."""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any, Final, TypeGuard, assert_never

from blueprint.documents import DocumentError, parse_document
from blueprint.errors import AnswersError
from blueprint.suggest import did_you_mean

from .model import Pattern
from .options import (
    MAX_ITEM_NAME,
    MAX_ITEMS,
    MAX_MULTILINE,
    MAX_TEXT,
    Boolean,
    Choice,
    Data,
    Integer,
    Number,
    Option,
    Text,
    TextList,
    Value,
    describe_values,
)

_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}

NO_ANSWER: Final = object()
"""No answer: the default is taken. (None is an answer that an option of type data can have.)"""


@dataclass(frozen=True)
class Answers:
    """The name of a project and a value for every option that exists for it, in the pattern's order.

    `secret` names the options whose values no project remembers.
    """

    project: str
    options: Mapping[str, Value]
    secret: frozenset[str] = frozenset()

    @property
    def remembered(self) -> Mapping[str, Value]:
        """The options that are not secret."""
        return {name: value for name, value in self.options.items() if name not in self.secret}

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
        case Number():
            try:
                return float(text)
            except ValueError:
                pass
        case Choice() | Text():
            return text
        case Data():
            try:
                value: Value = parse_document(text).data
                return value
            except DocumentError:
                pass
        case TextList():
            return [item.strip() for item in text.split(",") if item.strip()]
        case _:
            assert_never(option)
    raise _wrong(name, option, text)


def check_value(name: str, option: Option, value: Any) -> Value:
    """`value` if `option` may be answered with it. Raises AnswersError."""
    fitting: Value = _in_words(option, value)
    match option:
        case Boolean() if isinstance(value, bool):
            return fitting
        case Integer() if type(value) is int and _in_range(option, value):
            return fitting
        case Number() if type(value) in (int, float) and math.isfinite(value) and _in_range(option, value):
            return float(value)
        case Choice() if isinstance(fitting, str) and fitting in option.choices:
            return fitting
        case Text() if _is_text(option, value):
            return fitting
        case TextList() if isinstance(fitting, list) and _are_items(option, fitting):
            return fitting
        case Data() if _is_data(value):
            return fitting
    raise _wrong(name, option, value)


def check_answers(pattern: Pattern, project: str, given: Mapping[str, Any]) -> Answers:
    """Check what was `given` and fill in the defaults. Raises AnswersError."""
    check_names(pattern, given)
    answers = answer_options(pattern, project, lambda name, option: given.get(name, NO_ANSWER))
    for name in given:
        if name not in answers.options:
            when = pattern.options[name].when
            raise AnswersError(
                f"the option {name} does not exist with these answers",
                hint=f"It exists only when {when}." if when else "Leave it out.",
            )
    return answers


def check_names(pattern: Pattern, given: Iterable[str]) -> None:
    """Refuse options that `pattern` has not. Raises AnswersError."""
    for name in given:
        if name not in pattern.options:
            raise AnswersError(
                f"the pattern {pattern.name} has no option {name!r}{did_you_mean(name, pattern.options)}",
                hint=f"Its options: {', '.join(pattern.options) or 'none'}.",
            )


def answer_options(pattern: Pattern, project: str, choose: Callable[[str, Option], Any]) -> Answers:
    """What `choose` answers to each option that exists, in the pattern's order; NO_ANSWER is the default.

    The option that `choose` gets is as it is with the answers before: its default and its choices may follow
    from them. Raises AnswersError or PatternError.
    """
    interview = pattern.interview(project)
    options: dict[str, Value] = {}
    for name in pattern.options:
        option = interview.option(name)
        if option is None:
            continue
        value = choose(name, option)
        if value is NO_ANSWER and option.required:
            raise AnswersError(f"{name} has to be answered: {option.question}", hint=f"Use --set {name}=...")
        options[name] = check_value(name, option, option.default if value is NO_ANSWER else value)
        interview.answer(name, options[name])
    secret = frozenset(name for name in options if pattern.options[name].secret)
    return Answers(project, options, secret)


def option_exists(pattern: Pattern, name: str, options: Mapping[str, Value]) -> bool:
    """Whether the option `name` exists, given the `options` before it. Raises PatternError."""
    return pattern.has_option(name, options)


def _in_words(option: Option, value: Any) -> Any:
    """`value` as its choices are written: who writes 3.11 into an answers file means the choice "3.11"."""
    if isinstance(option, TextList) and option.choices and isinstance(value, list):
        return [_word(item) for item in value]
    return _word(value) if isinstance(option, Choice) else value


def _word(value: Any) -> Any:
    with suppress(TypeError, ValueError):
        return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return value


def _in_range(option: Integer | Number, value: float) -> bool:
    low = option.minimum is None or option.minimum <= value
    return low and (option.maximum is None or value <= option.maximum)


def _is_line(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) <= MAX_TEXT and value.isprintable()


def _is_text(option: Text, value: Any) -> bool:
    if not option.multiline:
        return _is_line(value)
    fits = isinstance(value, str) and len(value) <= MAX_MULTILINE
    return fits and all(line.replace("\t", " ").isprintable() for line in re.split(r"\r?\n", value))


def _is_data(value: Any) -> bool:
    """Whether `value` is what JSON can say: YAML's dates, for example, would not come back as they were."""
    try:
        return bool(json.loads(json.dumps(value, allow_nan=False)) == value)
    except (TypeError, ValueError, RecursionError):
        return False


def _are_items(option: TextList, items: list[Any]) -> bool:
    fit = all(_is_line(item) and item and _is_item(option, item) for item in items)
    return fit and len(items) <= MAX_ITEMS and len(set(items)) == len(items)


def _is_item(option: TextList, item: str) -> bool:
    if option.choices and item not in option.choices:
        return False
    return option.item is None or (is_item_name(item) and item not in option.reserved)


def is_item_name(text: str) -> bool:
    """Whether `text` can be part of a path, the name of a Python module and, with dashes, that of a host."""
    fits = re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", text) and len(text) <= MAX_ITEM_NAME
    return bool(fits) and not iskeyword(text)


def _wrong(name: str, option: Option, value: Any) -> AnswersError:
    suggestion = did_you_mean(str(value), option.choices) if isinstance(option, Choice) else ""
    what = "what was given" if option.secret else repr(value)
    return AnswersError(
        f"{what} is no value for {name}{suggestion}", hint=f"{name} is {describe_values(option)}."
    )
