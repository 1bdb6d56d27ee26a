"""Which values to try for an option: few, but those at which something may turn."""

from collections.abc import Iterable
from typing import assert_never

from blueprint.errors import AnswersError
from blueprint.patterns import (
    Boolean,
    Choice,
    Data,
    Integer,
    Number,
    Option,
    Text,
    TextList,
    Value,
    check_value,
)

MAX_COUNTED = 1_000
"""The widest range of whole numbers of which every number can be tried."""


def values_to_try(name: str, option: Option, asked: Iterable[str | int]) -> list[Value]:
    """The default, every choice, the ends of a range, and what conditions have `asked` for."""
    candidates = [option.default, *_by_type(option), *_around_constants(option, asked)]
    return [
        value
        for number, value in enumerate(candidates)
        if value not in candidates[:number] and (number == 0 or _fits(name, option, value))
    ]


def all_values(option: Option) -> list[Value] | None:
    """Every value of an option, the default first; None if there are too many to count."""
    match option:
        case Boolean() | Choice():
            values = _by_type(option)
        case Integer(minimum=int(low), maximum=int(high)) if high - low < MAX_COUNTED:
            values = [*range(low, high + 1)]
        case _:
            return None
    return [option.default, *(value for value in values if value != option.default)]


def _by_type(option: Option) -> list[Value]:
    match option:
        case Boolean():
            return [not option.default]
        case Choice():
            return [*option.choices]
        case Integer() | Number():
            return [end for end in (option.minimum, option.maximum) if end is not None]
        case Text():
            return ["", "two words"]
        case TextList():
            return [[], list(option.choices or ("first", "second"))]
        case Data():
            return []
        case _:
            assert_never(option)


def _around_constants(option: Option, asked: Iterable[str | int]) -> list[Value]:
    """The values at which conditions turn from true to false, and their neighbours."""
    if isinstance(option, Integer | Number):
        numbers = {number + step for number in asked if isinstance(number, int) for step in (-1, 0, 1)}
        return [*sorted(numbers)]
    texts = sorted(text for text in asked if isinstance(text, str))
    if isinstance(option, Text):
        return [*texts]
    return [[text] for text in texts] if isinstance(option, TextList) else []


def _fits(name: str, option: Option, value: Value) -> bool:
    try:
        check_value(name, option, value)
    except AnswersError:
        return False
    return True
