"""Option names for the questions of other tools.

`project` and `pattern` have another meaning in an answers file, so these questions get a trailing underscore.
"""

from collections.abc import Mapping
from typing import TypeVar

from blueprint.patterns import Interview, Option, Value

T = TypeVar("T")

_RESERVED = frozenset({"project", "pattern"})


def option_names(questions: Mapping[str, T]) -> dict[str, T]:
    """Return `questions` by the names of their options."""
    return {f"{name}_" if name in _RESERVED else name: question for name, question in questions.items()}


def question_name(option: str) -> str:
    """Return the name of the question behind an option."""
    return option[:-1] if option[-1:] == "_" and option[:-1] in _RESERVED else option


class RenamedInterview:
    """Adapter from option names to an interview that uses question names."""

    def __init__(self, interview: Interview) -> None:
        self._interview = interview

    def option(self, name: str) -> Option | None:
        """Return the option for the answers so far, or None if it does not exist for them."""
        return self._interview.option(question_name(name))

    def answer(self, name: str, value: Value) -> None:
        """Store `value` for later options. Raises AnswersError if the template rejects it."""
        self._interview.answer(question_name(name), value)
