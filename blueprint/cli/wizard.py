"""Questions about a project's name, pattern and options, asked at a terminal."""

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
    start_interview,
)
from blueprint.project import project_name
from blueprint.sources import find_pattern, list_patterns

from .console import Console, parse_yes_no
from .interrupts import Interrupted


def ask_name(console: Console) -> str:
    """Ask for the name of the project."""
    return console.require("Project name (for example, my-shop)", project_name)


def ask_pattern(console: Console, default: str) -> str:
    """Ask for a pattern; with fewer than two patterns, return `default` without a question."""
    patterns, _ = list_patterns()
    if len(patterns) < 2:
        return default
    explanation = [f"{pattern.name}: {pattern.summary}" for pattern in patterns]
    return console.ask("Which pattern should the project use?", explanation, _pattern_name, default)


def ask_options(
    console: Console, pattern: Pattern, given: Mapping[str, Any], project: str = ""
) -> dict[str, Value]:
    """Return the `given` answers, and ask for each other option that exists and is marked for asking.

    Raises AnswersError if a given answer is not valid.
    """
    check_names(pattern, given)
    interview = start_interview(pattern, project or pattern.name)
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


def confirm(console: Console, question: str) -> None:
    """Ask whether to go on. Raises Interrupted if the answer is no."""
    console.line()
    if not console.confirm(question):
        raise Interrupted(signal.SIGINT)


def _ask(console: Console, interview: Interview, name: str, option: Option) -> Value:
    """Ask until the pattern accepts the answer: its validator can reject even the default."""
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
            console.reject(error)
        else:
            return value


def _pattern_name(text: str) -> str:
    find_pattern(text)
    return text


def _explanation(option: Option) -> list[str]:
    lines = list(explain_option(option))
    if isinstance(option, Text) and option.placeholder:
        lines.append(f"(for example, {option.placeholder})")
    obvious = isinstance(option, Choice | Boolean) or (isinstance(option, Text) and option.multiline)
    return lines if obvious else [*lines, f"({describe_values(option)})"]


def _parse(name: str, option: Option, text: str) -> Value:
    if isinstance(option, Boolean):
        return parse_yes_no(text)
    if isinstance(option, Choice) and text.isdecimal() and 0 < int(text) <= len(option.choices):
        return list(option.choices)[int(text) - 1]
    return check_value(name, option, parse_value(name, option, text))
