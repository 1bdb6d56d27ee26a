"""The questions of `blueprint new`, for somebody who sits at a terminal."""

import signal
from collections.abc import Mapping
from functools import partial
from typing import Any

from blueprint.errors import AnswersError
from blueprint.patterns import (
    Boolean,
    Choice,
    Interview,
    Option,
    Pattern,
    Text,
    Value,
    check_names,
    check_value,
    describe_values,
    explain_option,
    parse_value,
)
from blueprint.project import project_name
from blueprint.sources import find_pattern, list_patterns

from .console import Console
from .interrupts import Interrupted


def ask_name(console: Console) -> str:
    """Ask how the project is called."""
    return console.require("How is the project called? (such as my-shop)", project_name)


def ask_pattern(console: Console, default: str) -> str:
    """Ask for a pattern, if there is a choice."""
    patterns = list_patterns()
    if len(patterns) < 2:
        return default
    explanation = [f"{pattern.name}: {pattern.summary}" for pattern in patterns]
    return console.ask("Which pattern?", explanation, _pattern_name, default)


def ask_options(
    console: Console, pattern: Pattern, given: Mapping[str, Any], project: str = ""
) -> dict[str, Value]:
    """`given`, and an answer for every other option that exists and is worth a question.

    Raises AnswersError if something that was given is wrong.
    """
    check_names(pattern, given)
    interview = pattern.interview(project or pattern.name)
    options: dict[str, Value] = dict(given)
    for name in pattern.options:
        option = interview.option(name)
        if option is None:
            continue
        if name not in given and (option.ask == "always" or option.required):
            options[name] = _ask(console, interview, name, option)
            continue
        value = check_value(name, option, given.get(name, option.default))
        interview.answer(name, value)
    return options


def confirm(console: Console) -> None:
    """Ask whether to go on. Raises Interrupted if not."""
    console.line()
    if not console.confirm("Make it?"):
        raise Interrupted(signal.SIGINT)


def _ask(console: Console, interview: Interview, name: str, option: Option) -> Value:
    """Ask until the pattern takes the answer: its validator sees a default, too."""
    while True:
        value = console.ask(
            option.question,
            _explanation(option),
            partial(_parse, name, option),
            option.default,
            required=option.required,
            hidden=option.secret,
        )
        try:
            interview.answer(name, value)
        except AnswersError as error:
            console.line(f"  {error.message}. {error.hint}")
        else:
            return value


def _pattern_name(text: str) -> str:
    find_pattern(text)
    return text


def _explanation(option: Option) -> list[str]:
    lines = list(explain_option(option))
    if isinstance(option, Text) and option.placeholder:
        lines.append(f"(such as {option.placeholder})")
    plain = isinstance(option, Choice | Boolean) or (isinstance(option, Text) and option.multiline)
    return lines if plain else [*lines, f"({describe_values(option)})"]


def _parse(name: str, option: Option, text: str) -> Value:
    if isinstance(option, Choice) and text.isdecimal() and 0 < int(text) <= len(option.choices):
        return list(option.choices)[int(text) - 1]
    return check_value(name, option, parse_value(name, option, text))
