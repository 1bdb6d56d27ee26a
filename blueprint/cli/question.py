"""What a question at a terminal consists of, and how a user goes back to the one before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

BACK = "<"
"""Typed to go back to the question before."""

MORE = "?"
"""Typed to read more about a question."""


class GoBack(Exception):
    """The user wants to answer the question before again."""


@dataclass(frozen=True, kw_only=True)
class Question(Generic[T]):
    """A question, what `parse` makes of the typed answer, and the answer that Enter alone gives.

    `choices` describes each possible answer, as it would be typed. `more` is only shown on request. A
    `required` question has no default. A `hidden` answer is neither shown nor saved.
    """

    text: str
    parse: Callable[[str], T]
    default: T
    help: Sequence[str] = ()
    more: Sequence[str] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    hidden: bool = False
