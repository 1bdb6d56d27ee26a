"""Interview that finds the options whose defaults depend on secret answers.

A second interview gets other values for the secret answers. Whatever differs between the two depends on them,
through any template, filter or macro.
"""

from typing import Any

from msgspec.structs import replace

from blueprint.errors import AnswersError, BlueprintError

from .model import Pattern
from .options import Boolean, Choice, Data, Integer, Number, Option, Text, TextList, Value

ATTEMPTS = 3
"""Number of different values to try for a secret: a validator can reject some."""


def stand_in(option: Option, value: Value, attempt: int) -> Value:
    """Return another value for `option`, of the same length and with the same kinds of characters."""
    match option:
        case Choice(choices=choices) if value in choices:
            names = [*choices]
            return names[(names.index(str(value)) + attempt) % len(names)]
        case TextList(choices=dict(choices)) if isinstance(value, list):
            others = [name for name in choices if name not in value]
            return others[attempt - 1 : attempt] or []
        case Boolean():
            return not value
        case Integer() | Number() if isinstance(value, int | float):
            fits = option.maximum is None or value + attempt <= option.maximum
            return value + attempt if fits else value - attempt
        case Text() | TextList() | Data():
            shifted: Value = _shifted(value, attempt)
            return shifted
    return value


def _shifted(value: Any, attempt: int) -> Any:
    match value:
        case bool() | None:
            return not value
        case int() | float():
            return value + attempt
        case str():
            return "".join(_shifted_character(character, attempt) for character in value) or "x" * attempt
        case list():
            return [_shifted(item, attempt) for item in value] or ["x" * attempt]
        case dict():
            return {key: _shifted(item, attempt) for key, item in value.items()} or {"x": attempt}
    return value


def _shifted_character(character: str, attempt: int) -> str:
    for first, size in (("a", 26), ("A", 26), ("0", 10)):
        position = ord(character) - ord(first)
        if 0 <= position < size:
            return chr(ord(first) + (position + attempt) % size)
    return character if character.isascii() else chr(ord("a") + attempt)


class SecretInterview:
    """Interview beside which others run with stand-ins for the secret answers.

    If the pattern rejects all stand-ins, every later option is secret: nobody knows what its default reveals.
    """

    def __init__(self, pattern: Pattern, project: str) -> None:
        self._pattern = pattern
        self._interview = pattern.interview(project)
        self._others = {attempt: pattern.interview(project) for attempt in range(1, ATTEMPTS + 1)}
        self._options: dict[int, Option | None] = {}
        self._option: Option | None = None

    def option(self, name: str) -> Option | None:
        """Return the option for the answers so far, as secret if it depends on a secret answer."""
        option = self._interview.option(name)
        self._options = {}
        for attempt, other in list(self._others.items()):
            try:
                self._options[attempt] = other.option(name)
            except BlueprintError:
                del self._others[attempt]
        others = [each for each in self._options.values() if each is not None]
        depends = any(each != option for each in others) or not self._others
        self._option = replace(option, secret=True) if option is not None and depends else option
        return self._option

    def answer(self, name: str, value: Value) -> None:
        """Store `value`. Raises AnswersError, which does not show a value that depends on a secret."""
        try:
            self._interview.answer(name, value)
        except AnswersError as error:
            if self._option is None or not self._option.secret or self._pattern.options[name].secret:
                raise
            raise AnswersError(f"the given value is not valid for {name}", hint=error.hint) from None
        for attempt, option in list(self._options.items()):
            try:
                if option is not None:
                    self._others[attempt].answer(name, self._other_value(name, option, value, attempt))
            except BlueprintError:
                del self._others[attempt]

    def _other_value(self, name: str, option: Option, value: Value, attempt: int) -> Value:
        assert self._option is not None  # noqa: S101
        if value == self._option.default:
            return option.default
        return stand_in(option, value, attempt) if self._pattern.options[name].secret else value
