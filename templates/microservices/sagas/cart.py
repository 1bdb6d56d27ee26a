"""Clearing of carts after an order is confirmed."""

import asyncio
from collections.abc import Sequence

import msgspec

from chassis.http.calls.errors import NotSent
from chassis.messaging.events import Event
from chassis.messaging.relay import DeliveryUnavailable
from chassis.telemetry.traces import delivering

from ..orders.domain import OrderRecord
from .ports import Cart


class CartClearing:
    """Event consumer that removes ordered items from the cart once the order is confirmed."""

    def __init__(self, cart: Cart) -> None:
        self._cart = cart

    async def handle(self, events: Sequence[Event]) -> None:
        """Remove the ordered items; redelivered events and those of other types have no effect."""
        await asyncio.gather(*(self._clear(event) for event in events if event.type == "OrderConfirmed"))

    async def _clear(self, event: Event) -> None:
        record = msgspec.json.decode(event.data, type=OrderRecord)
        try:
            with delivering(event):
                if record.cart_revisions:
                    await self._cart.remove(record.user_id, record.cart_revisions, [])
                elif record.from_cart:
                    # The order was placed before cart items had revisions.
                    await self._cart.remove(record.user_id, {}, [line.sku for line in record.order.items])
        except NotSent as error:
            # As a failed attempt, an outage of two minutes would leave a dead letter of each order.
            raise DeliveryUnavailable(str(error)) from error
