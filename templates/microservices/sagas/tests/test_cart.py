"""Clearing of carts after an order is confirmed."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID, uuid4

import msgspec
import pytest

from chassis.clock import now
from chassis.http.calls.errors import NotSent
from chassis.messaging.events import Event
from chassis.messaging.relay import DeliveryUnavailable
from chassis.money import Money

from ...orders.domain import OrderRecord, OrderState, new_order_record
from ..cart import CartClearing


class Carts:
    """A cart client that records the removals."""

    def __init__(self) -> None:
        self.removed: list[tuple[UUID, Mapping[str, UUID], Collection[str]]] = []

    async def remove(self, user_id: UUID, revisions: Mapping[str, UUID], skus: Collection[str]) -> None:
        """Record the removal."""
        self.removed.append((user_id, revisions, skus))


def order(revisions: Mapping[str, UUID] | None = None) -> OrderRecord:
    """Return an order of two products."""
    prices = {sku: Money(100, "EUR") for sku in "ab"}
    return new_order_record(uuid4(), {"a": 1, "b": 2}, prices, "EUR", revisions)


class NoCarts(Carts):
    """A cart client whose service is down."""

    async def remove(self, user_id: UUID, revisions: Mapping[str, UUID], skus: Collection[str]) -> None:
        """Raise NotSent."""
        raise NotSent("cart")


async def confirm(record: OrderRecord, carts: Carts | None = None) -> Carts:
    """Handle the confirmation of an order; return the carts."""
    carts = carts or Carts()
    event = Event(
        id=uuid4(),
        type="OrderConfirmed",
        version=1,
        time=now(),
        key=str(record.order.id),
        traceparent=None,
        data=msgspec.Raw(msgspec.json.encode(record.with_state(OrderState.CONFIRMED))),
    )
    await CartClearing(carts).handle([event])
    return carts


async def test_ordered_revisions_are_removed_from_the_cart() -> None:
    """Items that were changed after the order have other revisions and stay."""
    record = order({"a": uuid4(), "b": uuid4()})
    assert (await confirm(record)).removed == [(record.user_id, record.cart_revisions, [])]


async def test_order_without_the_cart_leaves_it() -> None:
    """An order of named items has no revisions."""
    assert (await confirm(order())).removed == []


async def test_order_from_before_revisions_removes_its_products() -> None:
    """Events of such orders say only that the order came from the cart."""
    record = replace(order(), from_cart=True)
    assert (await confirm(record)).removed == [(record.user_id, {}, ["a", "b"])]


async def test_a_cart_that_is_down_is_waited_for() -> None:
    """It is no failed attempt of the event, however long it takes."""
    with pytest.raises(DeliveryUnavailable, match="cart"):
        await confirm(order({"a": uuid4()}), NoCarts())
