"""Upcasting of old events."""

from uuid import uuid4

import msgspec
import pytest

from ..upcasters import UnknownVersion, Upcasters
from .shop import event


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
