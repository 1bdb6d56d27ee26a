"""Answers to the options of a pattern, validated before rendering."""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from keyword import iskeyword
from typing import Any, Final, TypeGuard, assert_never

from blueprint.documents import DocumentError, parse_document
from blueprint.errors import AnswersError, PatternError
from blueprint.suggest import did_you_mean

from .java_names import java_package_problem
from .model import Pattern, is_package_name, package_name
from .options import (
    MAX_ITEM_NAME,
    MAX_ITEMS,
    MAX_MULTILINE,
    MAX_TEXT,
    Boolean,
    Choice,
    Data,
    Integer,
    Interview,
    Number,
    Option,
    Text,
    TextList,
    Value,
    describe_values,
    quote_value,
)

_BOOLEANS = {
    **dict.fromkeys(("true", "t", "yes", "y", "on", "1"), True),
    **dict.fromkeys(("false", "f", "no", "n", "off", "0", "none", "null", "~"), False),
}
"""Texts that are taken as booleans, as by Copier, which however takes any other text as true."""

PACKAGE = "package"
"""Name of the option for the package of a project with letters from which none can be derived."""

NO_ANSWER: Final = object()
"""Stands for a missing answer, so that the default applies; None is a valid answer to type data."""


@dataclass(frozen=True)
class Answers:
    """A project name and a value for every option that exists, in the pattern's order.

    `secret` names the options whose values are not stored in the project. Of these, `given_secrets` have
    answers that are not their defaults, and the rest follow from them. `user_defaults` names the options
    whose values are defaults of the user instead of the pattern.
    """

    project: str
    options: Mapping[str, Value]
    secret: frozenset[str] = frozenset()
    given_secrets: frozenset[str] = frozenset()
    user_defaults: frozenset[str] = frozenset()

    @property
    def remembered(self) -> Mapping[str, Value]:
        """The options that are stored in the project: all that are not secret."""
        return {name: value for name, value in self.options.items() if name not in self.secret}

    @property
    def package(self) -> str:
        """The project name as a Python identifier, or the answer to the question about it."""
        derived = package_name(self.project)
        answer = self.options.get(PACKAGE)
        return answer if isinstance(answer, str) and not is_package_name(derived) else derived


def parse_value(name: str, option: Option, text: str) -> Value:
    """Parse `text` from a command line or a prompt as a value of `option`. Raises AnswersError."""
    match option:
        case Boolean():
            if text.strip().lower() in _BOOLEANS:
                return _BOOLEANS[text.strip().lower()]
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
    raise _invalid(name, option, text)


def check_value(name: str, option: Option, value: Any) -> Value:
    """Validate `value` as an answer to `option` and return it in the option's type. Raises AnswersError."""
    normalized: Value = _normalize_choices(option, value)
    match option:
        case Boolean() if isinstance(value, bool):
            return normalized
        case Boolean() if isinstance(value, str):
            return parse_value(name, option, value)
        case Integer() if type(value) is int and _in_range(option, value):
            return normalized
        case Number() if type(value) in (int, float) and math.isfinite(value) and _in_range(option, value):
            return float(value)
        case Choice() if isinstance(normalized, str) and normalized in option.choices:
            return normalized
        case Text() if _is_text(option, value):
            problem = java_package_problem(value) if option.format == "java-package" else ""
            if not problem:
                return normalized
            raise _invalid(name, option, value, f": {problem}")
        case TextList() if isinstance(normalized, list) and _are_items(option, normalized):
            return normalized
        case Data() if _is_data(value):
            return normalized
    raise _invalid(name, option, value)


def check_answers(
    pattern: Pattern,
    project: str,
    given: Mapping[str, Any],
    user_default: Callable[[str, Option], Any] = lambda _name, _option: NO_ANSWER,
) -> Answers:
    """Validate the `given` answers and fill in the defaults. Raises AnswersError.

    `user_default` returns the user's own default of an option, or NO_ANSWER.
    """
    check_names(pattern, given)
    defaulted = set()

    def choose(name: str, option: Option) -> Any:
        if name in given:
            return given[name]
        value = user_default(name, option)
        if value is not NO_ANSWER:
            defaulted.add(name)
        return value

    answers = answer_options(pattern, project, choose)
    for name in given:
        if name not in answers.options:
            when = pattern.options[name].when
            raise AnswersError(
                f"the option {name} does not exist with these answers",
                hint=f"It exists only when `{when}` is true." if when else "Leave it out.",
            )
    return replace(answers, user_defaults=frozenset(defaulted))


def check_names(pattern: Pattern, given: Iterable[str]) -> None:
    """Check that `pattern` has all options that are `given`. Raises AnswersError."""
    for name in given:
        if name not in pattern.options:
            raise AnswersError(
                f"the pattern {pattern.name} has no option {name!r}{did_you_mean(name, pattern.options)}",
                hint=f"Available options: {', '.join(pattern.options) or 'none'}.",
            )


def answer_options(pattern: Pattern, project: str, choose: Callable[[str, Option], Any]) -> Answers:
    """Answer each option that exists, in the pattern's order, with what `choose` returns.

    `choose` receives the name and the option, whose default and choices may depend on the earlier answers. It
    returns a value, or NO_ANSWER for the default. Raises AnswersError or PatternError.
    """
    interview = start_interview(pattern, project)
    options: dict[str, Value] = {}
    secret, given = set(), set()
    missing: dict[str, str] = {}
    try:
        for name in pattern.options:
            option = interview.option(name)
            if option is None:
                continue
            value = choose(name, option)
            if value is NO_ANSWER and option.required:
                missing[name] = option.question
                with suppress(AnswersError):
                    interview.answer(name, check_value(name, option, option.default))
                continue
            options[name] = check_value(name, option, option.default if value is NO_ANSWER else value)
            interview.answer(name, options[name])
            # A default that depends on a secret answer is secret, but not another value in its place.
            if option.secret and (pattern.options[name].secret or options[name] == option.default):
                secret.add(name)
                if options[name] != option.default:
                    given.add(name)
    except (AnswersError, PatternError):
        # What follows can depend on the missing answers.
        if not missing:
            raise
    if missing:
        raise _missing(missing)
    return Answers(project, options, frozenset(secret), frozenset(given))


def _missing(questions: Mapping[str, str]) -> AnswersError:
    """Return the error for required options without an answer, given by name with their questions."""
    sets = " ".join(f"--set {name}=VALUE" for name in questions)
    if len(questions) > 1:
        return AnswersError(f"these options are required: {', '.join(questions)}", hint=f"Use {sets}.")
    (name,) = questions
    return AnswersError(f"{name} is required: {questions[name]}", hint=f"Use {sets}.")


def start_interview(pattern: Pattern, project: str) -> Interview:
    """Start answering the options of `pattern`; options that depend on secret answers become secret, too."""
    if not any(option.secret for option in pattern.options.values()):
        return pattern.interview(project)
    from .secret_interview import SecretInterview

    return SecretInterview(pattern, project)


def option_exists(pattern: Pattern, name: str, options: Mapping[str, Value]) -> bool:
    """Return whether the option `name` exists, given the `options` before it. Raises PatternError."""
    return pattern.has_option(name, options)


def _normalize_choices(option: Option, value: Any) -> Any:
    """Convert choices to text: YAML reads 3.11 in an answers file as a number, but the choice is "3.11"."""
    if isinstance(option, TextList) and option.choices and isinstance(value, list):
        return [_choice_text(item) for item in value]
    return _choice_text(value) if isinstance(option, Choice) else value


def _choice_text(value: Any) -> Any:
    with suppress(TypeError, ValueError):
        return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return value


def _in_range(option: Integer | Number, value: float) -> bool:
    large_enough = option.minimum is None or option.minimum <= value
    return large_enough and (option.maximum is None or value <= option.maximum)


def _is_line(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) <= MAX_TEXT and value.isprintable()


def _is_text(option: Text, value: Any) -> bool:
    if not option.multiline:
        return _is_line(value)
    fits = isinstance(value, str) and len(value) <= MAX_MULTILINE
    return fits and all(line.replace("\t", " ").isprintable() for line in re.split(r"\r?\n", value))


def _is_data(value: Any) -> bool:
    """Return whether JSON preserves `value`. It would not preserve a YAML date, for example."""
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
    """Return whether `text` can name a folder, a Python module and, with dashes instead, a host."""
    fits = re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", text) and len(text) <= MAX_ITEM_NAME
    return bool(fits) and not iskeyword(text)


def _invalid(name: str, option: Option, value: Any, problem: str = "") -> AnswersError:
    suggestion = did_you_mean(str(value), option.choices) if isinstance(option, Choice) else ""
    # A problem quotes a part of the value.
    problem = "" if option.secret else problem
    shown = quote_value(value, secret=option.secret)
    quotes = " Put it in quotes, so that YAML reads it as text." if _is_read_as_other(option, value) else ""
    return AnswersError(
        f"{shown} is not valid for {name}{suggestion}{problem}",
        hint=f"Use {describe_values(option)}.{quotes}",
    )


def _is_read_as_other(option: Option, value: Any) -> bool:
    """Return whether YAML has read a text, such as 3.10 or on, as a number, a date, or true or false."""
    values = value if isinstance(option, TextList) and isinstance(value, list) else [value]
    return isinstance(option, Choice | Text | TextList) and any(
        isinstance(each, int | float | date) for each in values
    )
