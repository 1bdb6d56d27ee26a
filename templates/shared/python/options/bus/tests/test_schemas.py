"""Event contracts: compatibility of changes, and upcasting of old events."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from ..schemas import UnknownVersion, Upcasters, breaks, schema_of
from .shop import event


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


def test_an_old_event_is_converted_step_by_step() -> None:
    upcast = Upcasters()
    upcast.add("Counted", 1, lambda data: {"value": data["number"]})
    upcast.add("Counted", 2, lambda data: data | {"unit": "pieces"})
    upcast.newest("Counted", 3)
    old = event("a", 7)
    new = upcast(old)
    assert (new.id, new.version) == (old.id, 3)
    assert msgspec.json.decode(new.data) == {"value": 7, "unit": "pieces"}
    assert upcast(new) is new


def test_an_event_that_is_too_new_is_refused() -> None:
    upcast = Upcasters()
    upcast.newest("Counted", 1)
    with pytest.raises(UnknownVersion):
        upcast(msgspec.structs.replace(event("a", 1), version=2, id=uuid4()))
