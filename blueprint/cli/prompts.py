"""Selection with arrow keys, for terminals that can draw it."""

import os
import signal
from collections import Counter
from collections.abc import Mapping
from shutil import get_terminal_size

from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.shortcuts import choice

from .interrupts import Interrupted, in_event_loop
from .question import BACK, MORE

MARGIN = 10
"""Columns of a choice beside its text: number, marker and space."""


def choose(choices: Mapping[str, str], default: str, *, back: bool, more: bool) -> str:
    """Let the user select one of `choices` with arrow keys or numbers, and return it.

    A first letter that only one choice has answers at once.
    Returns BACK or MORE if the user asks for that and it is allowed. Raises Interrupted on Ctrl-C and Ctrl-D.
    """
    keys = KeyBindings()

    def answers(key: str, text: str) -> None:
        @keys.add(key, eager=True)
        def _(event: KeyPressEvent) -> None:
            event.app.exit(result=text)

    if back:
        answers(BACK, BACK)
        answers("left", BACK)
    if more:
        answers(MORE, MORE)
    letters = Counter(value[0] for value in choices)
    for value in choices:
        if letters[value[0]] == 1:
            answers(value[0], value)

    @keys.add("c-d", eager=True)
    def _(event: KeyPressEvent) -> None:
        event.app.exit(exception=EOFError())

    # Descriptions that do not fit into lines stand above the selection.
    options = [
        (value, _label(value, text)) if fit(choices) else (value, value) for value, text in choices.items()
    ]
    try:
        with in_event_loop():
            return choice("", options=options, default=default, key_bindings=keys, enable_suspend=True)
    except EOFError:
        raise Interrupted(signal.SIGINT) from None


def fit(choices: Mapping[str, str]) -> bool:
    """Whether each choice with its description fits into a line of the selection."""
    width = get_terminal_size().columns - MARGIN
    return all(len(_label(value, text)) <= width for value, text in choices.items())


def _label(value: str, text: str) -> str:
    return f"{value}: {text}" if text else value


def wanted() -> bool:
    """Whether the terminal can draw, and the user did not ask for plain text."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("BLUEPRINT_PLAIN")
    return not plain and os.environ.get("TERM", "dumb") not in ("dumb", "unknown")
