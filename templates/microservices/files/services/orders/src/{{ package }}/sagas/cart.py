"""Clearing of carts after an order is confirmed."""

import msgspec

from ..chassis.events import Event
from ..orders.domain import OrderRecord
from .ports import Cart


class CartClearing:
    """Event consumer that removes ordered items from the cart once the order is confirmed."""

    handles = ("OrderConfirmed",)

    def __init__(self, cart: Cart) -> None:
        self._cart = cart

    async def handle(self, event: Event) -> None:
        """Remove the ordered items; a redelivered event has no further effect."""
        record = msgspec.json.decode(event.data, type=OrderRecord)
        if record.cart_revisions:
            await self._cart.remove(record.user_id, record.cart_revisions, [])
        elif record.from_cart:
            # The order was placed before cart items had revisions.
            await self._cart.remove(record.user_id, {}, [line.sku for line in record.order.items])
