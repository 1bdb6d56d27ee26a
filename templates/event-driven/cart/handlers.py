"""Event handlers of the cart service."""

from collections.abc import Sequence

import msgspec

from chassis.db.connections import Connection
from chassis.messaging.events import Event
from choreography.events import OrderEvent
from choreography.handlers import Delivery

from ..cart.service import Carts


class CartHandlers:
    """Removes ordered items from the cart once the order is confirmed."""

    types = frozenset({"OrderConfirmed"})

    def __init__(self, carts: Carts) -> None:
        self._carts = carts

    async def lock(self, transaction: Connection, events: Sequence[Event]) -> None:
        """Lock the carts of all users in the events."""
        await self._carts.lock(transaction, {_decoded(event).user_id for event in events})

    async def handle(self, transaction: Connection, deliveries: Sequence[Delivery]) -> None:
        """Clear one cart after the other."""
        for event, _ in deliveries:
            await self._clear(transaction, event)

    async def _clear(self, transaction: Connection, event: Event) -> None:
        confirmed = _decoded(event)
        if confirmed.cart_revisions:
            await self._carts.remove_revisions(transaction, confirmed.user_id, confirmed.cart_revisions)
        elif confirmed.from_cart:
            # The order was placed before cart items had revisions.
            skus = [line.sku for line in confirmed.order.items]
            await self._carts.remove(transaction, confirmed.user_id, skus)


def _decoded(event: Event) -> OrderEvent:
    return msgspec.json.decode(event.data, type=OrderEvent)
