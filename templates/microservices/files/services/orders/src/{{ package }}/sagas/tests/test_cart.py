"""Clearing of carts after an order is confirmed."""

from collections.abc import Collection
from uuid import UUID, uuid4

import msgspec
import pytest

from ...chassis.clock import now
from ...chassis.events import Event
from ...chassis.money import Money
from ...orders.domain import OrderState, new_order_record
from ..cart import CartClearing


class Carts:
    """A cart client that records the removals."""

    def __init__(self) -> None:
        self.removed: list[tuple[UUID, list[str]]] = []

    async def remove(self, user_id: UUID, skus: Collection[str]) -> None:
        """Record the removal."""
        self.removed.append((user_id, list(skus)))


@pytest.mark.parametrize("from_cart", [True, False])
async def test_items_ordered_from_the_cart_are_removed_from_it(from_cart: bool) -> None:
    prices = {sku: Money(100, "EUR") for sku in "ab"}
    record = new_order_record(uuid4(), {"a": 1, "b": 2}, prices, "EUR", from_cart=from_cart)
    event = Event(
        id=uuid4(),
        type="OrderConfirmed",
        version=1,
        time=now(),
        key=str(record.order.id),
        traceparent=None,
        data=msgspec.Raw(msgspec.json.encode(record.with_state(OrderState.CONFIRMED))),
    )
    carts = Carts()
    await CartClearing(carts).handle(event)
    assert carts.removed == ([(record.user_id, ["a", "b"])] if from_cart else [])
