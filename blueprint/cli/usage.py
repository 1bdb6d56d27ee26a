"""Errors of the command line, in our own words: those of typer change between releases."""

import re
from typing import Any

import typer

from blueprint.errors import UsageError
from blueprint.suggest import did_you_mean

_EXPECTED = {
    "range": "a number in the range that the help shows",
    "int": "a whole number",
    "float": "a number",
}


def usage_error(error: typer.TyperException, named: str) -> UsageError:
    """Return what is wrong with the command line, and which help to read: that of the `named` command."""
    text = error.format_message()
    if text.startswith("Usage: "):
        return UsageError("no command was given", hint=text)
    context: Any = getattr(error, "ctx", None)
    # An error of the parser has no context.
    command = context.command_path if context else named
    return UsageError(_message(error, text, context), hint=f"`{command} --help` shows what there is.")


def _message(error: Any, text: str, context: Any) -> str:
    option: str | None = getattr(error, "option_name", None)
    parameter = getattr(error, "param", None)
    if option and hasattr(error, "possibilities"):
        similar = " or ".join(error.possibilities or ())
        return f"there is no option {option}" + (f"; did you mean {similar}?" if similar else "")
    if option:
        return f"{option} takes no value" if "not take" in text else f"{option} needs a value"
    if parameter and hasattr(error, "param_type"):
        return f"{_name(parameter)} is missing"
    if parameter:
        kind = next((kind for kind in _EXPECTED if kind in error.message), None)
        return f"{_name(parameter)} must be {_EXPECTED[kind] if kind else 'another value'}"
    if match := re.search(r"No such command '(.+?)'", text):
        return f"there is no command {match[1]!r}{did_you_mean(match[1], context.command.commands)}"
    if match := re.search(r"extra argument.* \((.+)\)", text):
        return f"unexpected argument: {match[1]}"
    return "the command line cannot be read"


def _name(parameter: Any) -> str:
    """An option as it is typed, or an argument as the help shows it."""
    option = next((each for each in parameter.opts if each.startswith("-")), None)
    return option or str(parameter.metavar or parameter.name).upper()
