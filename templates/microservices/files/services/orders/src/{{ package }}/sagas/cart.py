"""What follows from a confirmed order in its user's cart."""

import msgspec

from ..chassis.events import Event
from ..orders.domain import OrderRecord
from .ports import Cart


class CartClearing:
    """Takes what was ordered from the cart out of it, once the order is confirmed."""

    handles = ("OrderConfirmed",)

    def __init__(self, cart: Cart) -> None:
        self._cart = cart

    async def handle(self, event: Event) -> None:
        """Remove the order's SKUs; an event that comes again finds them gone."""
        record = msgspec.json.decode(event.data, type=OrderRecord)
        if record.from_cart:
            await self._cart.remove(record.user_id, [line.sku for line in record.order.items])
