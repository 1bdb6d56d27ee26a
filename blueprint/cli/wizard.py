"""The questions of `blueprint new`, for somebody who sits at a terminal."""

import signal
from collections.abc import Mapping
from functools import partial
from typing import Any

from blueprint.patterns import (
    Boolean,
    Choice,
    Option,
    Pattern,
    Value,
    check_value,
    expected,
    explain,
    find_pattern,
    list_patterns,
    option_exists,
    parse_value,
)
from blueprint.project import project_name

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
    return console.ask("Which pattern?", explanation, lambda name: find_pattern(name).name, default)


def ask_options(console: Console, pattern: Pattern, given: Mapping[str, Any]) -> dict[str, Any]:
    """`given`, and an answer for every other option that exists and is worth a question."""
    options = dict(given)
    for name, option in pattern.options.items():
        if name not in given and option.ask == "always" and option_exists(pattern, name, options):
            parse = partial(_parse, name, option)
            options[name] = console.ask(option.question, _explanation(option), parse, option.default)
    return options


def confirm(console: Console) -> None:
    """Ask whether to go on. Raises Interrupted if not."""
    console.line()
    if not console.confirm("Make it?"):
        raise Interrupted(signal.SIGINT)


def _explanation(option: Option) -> list[str]:
    lines = list(explain(option))
    return lines if isinstance(option, Choice | Boolean) else [*lines, f"({expected(option)})"]


def _parse(name: str, option: Option, text: str) -> Value:
    if isinstance(option, Choice) and text.isdecimal() and 0 < int(text) <= len(option.choices):
        return list(option.choices)[int(text) - 1]
    return check_value(name, option, parse_value(name, option, text))
