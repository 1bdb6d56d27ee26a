"""Types of options: their fields, their limits, and descriptions of their values."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal, Protocol, assert_never, get_args

import msgspec
from msgspec import Meta

Value = str | int | float | list[Any] | dict[str, Any] | None
"""The types of an answer."""

MAX_TEXT = 200
"""Maximum length of a one-line answer or of a list item, in characters."""

MAX_MULTILINE = 20_000
"""Maximum length of a multiline answer, in characters."""

MAX_ITEMS = 100
"""Maximum number of items in a list."""

MAX_ITEM_NAME = 32
"""Maximum length of an item that is a name, in characters; it is MySQL's limit for account names."""

# In Python, `$` also matches before a final newline; in JSON Schema it does not. This is the end in both.
END = r"(?![\s\S])"

Slug = Annotated[str, Meta(pattern=rf"^[a-z][a-z0-9-]*{END}", max_length=64)]
Identifier = Annotated[str, Meta(pattern=rf"^[a-z][a-z0-9_]*{END}", max_length=64)]
SemanticVersion = Annotated[str, Meta(pattern=rf"^[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?{END}")]
Line = Annotated[str, Meta(min_length=1, max_length=500, pattern=rf"^[^\x00-\x1f\x7f]*{END}")]
Expression = Annotated[str, Meta(min_length=1, max_length=4000)]
Message = Annotated[str, Meta(max_length=4000)]

FORMS: Mapping[str, str] = {
    get_args(kind)[1].pattern: words
    for kind, words in (
        (Slug, "lowercase letters, digits and dashes, beginning with a letter"),
        (Identifier, "lowercase letters, digits and underscores, beginning with a letter"),
        (SemanticVersion, "a version such as 1.2.3"),
        (Line, "one line of text"),
    )
}
"""A description of the texts that each regular expression matches."""


class StrictPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all parts of a pattern.yaml: immutable, and unknown keys are errors."""


class _Option(StrictPart, frozen=True, kw_only=True, tag_field="type"):
    """Fields that all options share.

    The option exists only where the condition `when` holds. `default_if` gives it another default where one
    of its conditions holds; the first one counts. `validator` is a template that renders what is wrong with
    an answer, or nothing if it is valid. The default of a `required` option is only an example. A `secret`
    answer is neither shown nor stored in the project.
    """

    question: Line
    help: str = ""
    ask: Literal["always", "never"] = "always"
    when: Expression | None = None
    default_if: dict[Expression, Any] = {}
    validator: Expression | None = None
    required: bool = False
    secret: bool = False


class Choice(_Option, frozen=True, kw_only=True, tag="choice"):
    """One of several values, each with a one-line explanation."""

    choices: Annotated[dict[Line, Line], Meta(min_length=1)]
    default: str


class Boolean(_Option, frozen=True, kw_only=True, tag="boolean"):
    """Yes or no."""

    default: bool


class Integer(_Option, frozen=True, kw_only=True, tag="integer"):
    """A whole number from `minimum` to `maximum`, inclusive."""

    default: int
    minimum: int | None = None
    maximum: int | None = None


class Number(_Option, frozen=True, kw_only=True, tag="number"):
    """A number from `minimum` to `maximum`, inclusive."""

    default: float
    minimum: float | None = None
    maximum: float | None = None


class Text(_Option, frozen=True, kw_only=True, tag="string"):
    """One line of text, or several lines with `multiline`.

    The default may be a template that uses the project name and earlier answers. `placeholder` is an example
    that is shown with the question. `format` names a kind of text that every answer must be.
    """

    default: str
    multiline: bool = False
    placeholder: str = ""
    format: Literal["java-package"] | None = None


class TextList(_Option, frozen=True, kw_only=True, tag="list"):
    """A list of distinct texts, or of values from `choices`.

    `item` is the word for one entry, such as `service`. Then each entry must be usable as the name of a
    folder, a module and a host, must not be in `reserved`, and `blueprint add service NAME` appends one.
    """

    choices: Annotated[dict[Line, Line], Meta(min_length=1)] | None = None
    item: Identifier | None = None
    reserved: list[Identifier] = []
    default: list[str] = []


class Data(_Option, frozen=True, kw_only=True, tag="data"):
    """Any YAML value: a mapping, a list, a scalar or null."""

    default: Any


Option = Choice | Boolean | Integer | Number | Text | TextList | Data


class Interview(Protocol):
    """One pass over the options of a pattern, in order; an option may depend on the earlier answers."""

    def option(self, name: str) -> Option | None:
        """Return the option `name` for the answers so far, or None if it does not exist for them.

        Raises PatternError.
        """
        ...

    def answer(self, name: str, value: Value) -> None:
        """Store `value` for later options. Raises AnswersError if the pattern rejects it."""
        ...


def has_computed_default(option: Option) -> bool:
    """Return whether the default of `option` depends on earlier answers or on the name of the project."""
    return bool(option.default_if) or (isinstance(option, Text) and "{" in option.default)


def explain_option(option: Option) -> Iterator[str]:
    """Yield the lines of help for `option`: its help text and its numbered choices."""
    yield from option.help.splitlines()
    if isinstance(option, Choice | TextList) and option.choices:
        for number, (value, text) in enumerate(option.choices.items(), start=1):
            yield f"{number}. {value}: {text}"


def describe_values(option: Option) -> str:
    """Describe in words which values `option` accepts."""
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
            taken = f", except {', '.join(option.reserved)}" if option.reserved else ""
            return f"a comma-separated list of names such as my_{item}{taken}"
        case TextList(choices=None):
            return "a comma-separated list"
        case TextList(choices=choices):
            return "any of " + ", ".join(choices or ()) + ", separated by commas"
        case Data():
            return "a value in YAML or JSON"
        case Text(format="java-package"):
            return "the name of a Java package, usually in lower case, such as com.example.shop"
        case Text(multiline=True):
            return "text"
        case Text():
            return f"one line of up to {MAX_TEXT} characters"
        case _:
            assert_never(option)


def quote_value(value: Any, *, secret: bool) -> str:
    """Quote `value` for a message, without revealing it if it is `secret`."""
    if secret:
        return "the given value"
    return str(value) if isinstance(value, date) else repr(value)


def _range(low: float | None, high: float | None) -> str:
    return (f" from {low}" if low is not None else "") + (
        f" {'to' if low is not None else 'up to'} {high}" if high is not None else ""
    )
