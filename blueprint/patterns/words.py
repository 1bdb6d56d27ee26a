"""Options in words, for help, questions and errors."""

from collections.abc import Iterator
from typing import assert_never

from .model import MAX_TEXT, Boolean, Choice, Data, Integer, Number, Option, Several, Text


def explain(option: Option) -> Iterator[str]:
    """Lines that explain what `option` is about and which values it has."""
    yield from option.help.splitlines()
    if isinstance(option, Choice | Several) and option.choices:
        for number, (value, text) in enumerate(option.choices.items(), start=1):
            yield f"{number}. {value}: {text}"


def expected(option: Option) -> str:
    """In words, what `option` may be answered with."""
    match option:
        case Choice():
            return "one of " + ", ".join(option.choices)
        case Boolean():
            return "yes or no"
        case Integer(minimum=low, maximum=high):
            return f"a whole number{_range(low, high)}"
        case Number(minimum=low, maximum=high):
            return f"a number{_range(low, high)}"
        case Several(choices=None, item=str(item)):
            taken = f", none of {', '.join(option.reserved)}" if option.reserved else ""
            return f"a list of names such as my_{item}, with commas between them{taken}"
        case Several(choices=None):
            return "a list, with commas between the items"
        case Several(choices=choices):
            return "some of " + ", ".join(choices or ()) + ", with commas between them"
        case Data():
            return "YAML or JSON"
        case Text(multiline=True):
            return "text"
        case Text():
            return f"one line of at most {MAX_TEXT} characters"
        case _:
            assert_never(option)


def _range(low: float | None, high: float | None) -> str:
    return (f" from {low}" if low is not None else "") + (
        f" {'to' if low is not None else 'up to'} {high}" if high is not None else ""
    )
