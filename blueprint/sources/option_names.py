"""Names of questions that mean something else in an answers file, where they get an underscore."""

from collections.abc import Mapping
from typing import TypeVar

from blueprint.patterns import Interview, Option, Value

T = TypeVar("T")

_TAKEN = frozenset({"project", "pattern"})


def option_names(questions: Mapping[str, T]) -> dict[str, T]:
    """`questions` by the names of their options."""
    return {f"{name}_" if name in _TAKEN else name: question for name, question in questions.items()}


def question_name(option: str) -> str:
    """The name that the template has for an option."""
    return option[:-1] if option[-1:] == "_" and option[:-1] in _TAKEN else option


class RenamedInterview:
    """An interview by the names of options, for one that has the names of questions."""

    def __init__(self, interview: Interview) -> None:
        self._interview = interview

    def option(self, name: str) -> Option | None:
        """The option as it is with the answers so far."""
        return self._interview.option(question_name(name))

    def answer(self, name: str, value: Value) -> None:
        """Remember `value` for what comes after."""
        self._interview.answer(question_name(name), value)
