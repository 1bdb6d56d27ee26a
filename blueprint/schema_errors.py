"""What msgspec finds wrong with data, in our own words.

Its messages name Python types and regular expressions, and change between releases.
"""

import ast
import re
from collections.abc import Mapping

import msgspec

_KINDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "object": "a mapping of keys to values",
    "array": "a list",
    "null": "nothing",
}
_LENGTHS = {"str": "character", "array": "item", "object": "entry"}
_BOUNDS = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}


def explain(error: msgspec.DecodeError, forms: Mapping[str, str] | None = None) -> str:
    """What is wrong, and in which part; `forms` says in words what a regular expression asks for."""
    if not isinstance(error, msgspec.ValidationError):
        return "it is not valid JSON"
    message, where = problem_and_part(error, forms)
    return f"in {'.'.join(map(str, where))}: {message}" if where else message


def problem_and_part(
    error: msgspec.ValidationError, forms: Mapping[str, str] | None = None
) -> tuple[str, list[str | int]]:
    """What is wrong, and the keys and indices that lead to it, except keys that msgspec does not name."""
    message, _, path = str(error).partition(" - at `")
    steps = [int(index) if index else name for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", path)]
    return _in_words(message, forms or {}), steps


def _in_words(message: str, forms: Mapping[str, str]) -> str:
    if match := re.fullmatch(r"Object missing required field `(.+)`", message):
        return f"the key {match[1]!r} is missing"
    if match := re.fullmatch(r"Object contains unknown field `(.+)`", message):
        return f"unknown key {match[1]!r}"
    if match := re.fullmatch(r"Invalid (?:enum )?value (.+)", message, re.DOTALL):
        return f"{match[1]} is not allowed here"
    if message == "Expected `str`, got `bool`":
        return "expected text, but YAML reads this as true or false; put it in quotes"
    if match := re.fullmatch(r"Expected `(.+?)`, got `(.+?)`", message):
        return f"expected {_kinds(match[1])}, but found {_kinds(match[2])}"
    if match := re.fullmatch(r"Expected `str` matching regex (.+)", message, re.DOTALL):
        return f"expected {forms.get(ast.literal_eval(match[1]), 'another form of text')}"
    if match := re.fullmatch(r"Expected `(\w+)`(?: of length)? (>=|<=|>|<) (\S+)", message):
        unit = _LENGTHS.get(match[1], "")
        plural = {"entry": "entries"}.get(unit, f"{unit}s") if match[3] != "1" else unit
        return f"expected {_BOUNDS[match[2]]} {match[3]} {plural if 'of length' in message else ''}".rstrip()
    return "is not valid here"


def _kinds(types: str) -> str:
    return " or ".join(_KINDS.get(name, name) for name in types.split(" | "))
