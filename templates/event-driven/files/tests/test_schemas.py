"""Compatibility of changes of event schemas."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
import pytest

from dev.compatibility import breaks
from dev.schemas import schema_of


class Color(StrEnum):
    """An enumeration."""

    RED = "red"
    BLUE = "blue"


@dataclass
class Line:
    """A nested structure."""

    sku: str
    quantity: int


@dataclass
class Order:
    """An event payload."""

    id: UUID
    color: Color
    lines: list[Line]
    note: str | None
    total: int


OLD = schema_of(Order, "Order")


def changed(**changes: Any) -> dict[str, Any]:
    """Return the schema with some properties of the order changed."""
    new = msgspec.json.decode(msgspec.json.encode(OLD))
    new["$defs"]["Order"]["properties"] |= changes
    return dict(new)


def test_a_schema_describes_the_payload() -> None:
    order = OLD["$defs"]["Order"]
    assert set(order["required"]) == {"id", "color", "lines", "note", "total"}
    assert order["properties"]["id"] == {"type": "string", "format": "uuid"}


def test_the_same_schema_is_compatible() -> None:
    assert breaks(OLD, OLD) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"total": {"type": "string"}}, "/total: integer became string"),
        ({"note": {"type": "string"}}, "/note: null became string"),
        ({"color": {"enum": ["red"]}}, "/color: blue is no longer allowed"),
        ({"total": {"type": "integer", "minimum": 1}}, "/total: minimum became 1"),
        ({"lines": {"type": "array", "items": {"type": "string"}}}, "/lines/*: object became string"),
    ],
)
def test_a_schema_that_refuses_old_data_is_incompatible(changes: dict[str, Any], reason: str) -> None:
    assert breaks(OLD, changed(**changes)) == [reason]


@pytest.mark.parametrize(
    "changes",
    [
        {"total": {"type": "number"}},
        {"total": {"anyOf": [{"type": "integer"}, {"type": "null"}]}},
        {"color": {"enum": ["red", "blue", "green"]}},
        {"more": {"type": "string"}},
    ],
)
def test_a_schema_that_allows_more_is_compatible(changes: dict[str, Any]) -> None:
    assert breaks(OLD, changed(**changes)) == []


def test_a_new_property_is_incompatible_only_if_it_is_required() -> None:
    @dataclass
    class Wider(Order):
        extra: str

    @dataclass
    class Lenient(Order):
        extra: str = ""

    assert breaks(OLD, schema_of(Wider, "Order")) == ["/extra: is now required"]
    assert breaks(OLD, schema_of(Lenient, "Order")) == []


def test_an_incompatible_nested_property_is_found() -> None:
    new = changed()
    new["$defs"]["Line"]["properties"]["quantity"] = {"type": "string"}
    assert breaks(OLD, new) == ["/lines/*/quantity: integer became string"]
