"""The options of a pattern: their types, their limits, and how they read."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Protocol, assert_never, get_args

import msgspec
from msgspec import Meta

Value = str | int | float | list[Any] | dict[str, Any] | None
"""What an option can be answered with."""

MAX_TEXT = 200
"""The longest answer to an option of type string, and the longest item of a list, in characters."""

MAX_MULTILINE = 20_000
"""The longest answer to an option of type string that may have several lines, in characters."""

MAX_ITEMS = 100
"""The most items that an answer to an option of type list may have."""

MAX_ITEM_NAME = 32
"""The longest item that is a name, in characters: what MySQL allows for that of an account."""

# `$` also matches before a final newline in Python, but not in JSON Schema; this is the end in both.
END = r"(?![\s\S])"

Slug = Annotated[str, Meta(pattern=rf"^[a-z][a-z0-9-]*{END}", max_length=64)]
Identifier = Annotated[str, Meta(pattern=rf"^[a-z][a-z0-9_]*{END}", max_length=64)]
SemanticVersion = Annotated[str, Meta(pattern=rf"^[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?{END}")]
Line = Annotated[str, Meta(min_length=1, max_length=500, pattern=rf"^[^\x00-\x1f\x7f]*{END}")]
Expression = Annotated[str, Meta(min_length=1, max_length=4000)]

FORMS: Mapping[str, str] = {
    get_args(kind)[1].pattern: words
    for kind, words in (
        (Slug, "lower-case letters, digits and dashes, beginning with a letter"),
        (Identifier, "lower-case letters, digits and underscores, beginning with a letter"),
        (SemanticVersion, "a version such as 1.2.3"),
        (Line, "one line of text"),
    )
}
"""What the regular expression of each kind of text asks for."""


class StrictPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a pattern: immutable, and strict about what it does not know."""


class _Option(StrictPart, frozen=True, kw_only=True, tag_field="type"):
    """What all options have.

    `when` is the condition under which the option exists at all. `validator` is a template that says what is
    wrong with an answer, and nothing if it is fine. A `required` option has to be answered: its default is
    only an example. A `secret` answer is not shown, and no project remembers it.
    """

    question: Line
    help: str = ""
    ask: Literal["always", "never"] = "always"
    when: Expression | None = None
    validator: Expression | None = None
    required: bool = False
    secret: bool = False


class Choice(_Option, frozen=True, kw_only=True, tag="choice"):
    """One of several values; each has a line that explains it."""

    choices: Annotated[dict[Line, Line], Meta(min_length=1)]
    default: str


class Boolean(_Option, frozen=True, kw_only=True, tag="boolean"):
    """Yes or no."""

    default: bool


class Integer(_Option, frozen=True, kw_only=True, tag="integer"):
    """A whole number between `minimum` and `maximum`, both included."""

    default: int
    minimum: int | None = None
    maximum: int | None = None


class Number(_Option, frozen=True, kw_only=True, tag="number"):
    """A number between `minimum` and `maximum`, both included."""

    default: float
    minimum: float | None = None
    maximum: float | None = None


class Text(_Option, frozen=True, kw_only=True, tag="string"):
    """One line of text, or several with `multiline`. The default may be a template over what is known before.

    `placeholder` is an example, shown where the answer goes.
    """

    default: str
    multiline: bool = False
    placeholder: str = ""


class TextList(_Option, frozen=True, kw_only=True, tag="list"):
    """Any number of different texts, or of the values in `choices` where there are some.

    `item` is what one of them is called (`service`): then each is a name that can be part of a path, a module
    and a host, none is in `reserved`, and `blueprint add service NAME` puts one more on the list.
    """

    choices: Annotated[dict[Line, Line], Meta(min_length=1)] | None = None
    item: Identifier | None = None
    reserved: list[Identifier] = []
    default: list[str] = []


class Data(_Option, frozen=True, kw_only=True, tag="data"):
    """Whatever YAML can say: a mapping, a list, a plain value or nothing."""

    default: Any


Option = Choice | Boolean | Integer | Number | Text | TextList | Data


class Interview(Protocol):
    """One pass over the options of a pattern, in their order: each follows from the answers before it."""

    def option(self, name: str) -> Option | None:
        """The option `name` as it is with the answers so far, or None if it does not exist with them.

        Raises PatternError.
        """
        ...

    def answer(self, name: str, value: Value) -> None:
        """Remember `value` for what comes after. Raises AnswersError if the pattern does not take it."""
        ...


def explain_option(option: Option) -> Iterator[str]:
    """Lines that explain what `option` is about and which values it has."""
    yield from option.help.splitlines()
    if isinstance(option, Choice | TextList) and option.choices:
        for number, (value, text) in enumerate(option.choices.items(), start=1):
            yield f"{number}. {value}: {text}"


def describe_values(option: Option) -> str:
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
        case TextList(choices=None, item=str(item)):
            taken = f", none of {', '.join(option.reserved)}" if option.reserved else ""
            return f"a list of names such as my_{item}, with commas between them{taken}"
        case TextList(choices=None):
            return "a list, with commas between the items"
        case TextList(choices=choices):
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
