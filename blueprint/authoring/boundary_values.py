"""Boundary values of an option: the few values at which the result of a pattern can change."""

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
"""Size of the largest integer range whose values are all enumerated."""


def values_to_try(name: str, option: Option, constants: Iterable[str | int]) -> list[Value]:
    """The default, every choice, the ends of a range, and values around the `constants` of conditions."""
    candidates = [option.default, *_by_type(option), *_around_constants(option, constants)]
    return [
        value
        for index, value in enumerate(candidates)
        if value not in candidates[:index] and (index == 0 or _is_valid(name, option, value))
    ]


def all_values(option: Option) -> list[Value] | None:
    """Every value of an option, the default first; None if there are too many to enumerate."""
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


def _around_constants(option: Option, constants: Iterable[str | int]) -> list[Value]:
    """The `constants` that an option can have, and the neighbors of numbers, where comparisons change."""
    if isinstance(option, Integer | Number):
        numbers = {number + step for number in constants if isinstance(number, int) for step in (-1, 0, 1)}
        return [*sorted(numbers)]
    texts = sorted(text for text in constants if isinstance(text, str))
    if isinstance(option, Text):
        return [*texts]
    return [[text] for text in texts] if isinstance(option, TextList) else []


def _is_valid(name: str, option: Option, value: Value) -> bool:
    try:
        check_value(name, option, value)
    except AnswersError:
        return False
    return True
