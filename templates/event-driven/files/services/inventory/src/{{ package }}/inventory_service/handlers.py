"""Event handlers of the inventory service."""

from collections.abc import Sequence

import msgspec

from chassis.db.connections import Connection
from chassis.messaging.events import Event
from choreography.events import OrderEvent, StockRefused, StockReserved
from choreography.handlers import EventHandler

from ..inventory.reservations import Reservations
from .tables import outbox


class InventoryHandlers:
    """Reserves units for placed orders, and commits, releases or returns them when the order is decided."""

    def __init__(self, reservations: Reservations) -> None:
        self._reservations = reservations
        self.handlers: dict[str, EventHandler] = {
            "OrderPlaced": self._reserve,
            "OrderConfirmed": self._commit,
            "OrderRejected": self._release,
            "OrderCancelled": self._restock,
        }

    async def lock(self, transaction: Connection, events: Sequence[Event]) -> None:
        """Lock the stock of all products in the events."""
        skus = {line.sku for event in events for line in _decoded(event).order.items}
        await self._reservations.lock(transaction, skus)

    async def _reserve(self, transaction: Connection, event: Event) -> None:
        placed = _decoded(event)
        order = placed.order
        quantities = {line.sku: line.quantity for line in order.items}
        if await self._reservations.reserve(transaction, order.id, quantities):
            reserved = StockReserved(order.id, placed.user_id, order.total)
            await outbox.append(transaction, "StockReserved", event.key, reserved, version=2)
        else:
            refused = StockRefused(order.id, placed.user_id)
            await outbox.append(transaction, "StockRefused", event.key, refused)

    async def _commit(self, transaction: Connection, event: Event) -> None:
        await self._reservations.commit(transaction, _decoded(event).order.id)

    async def _release(self, transaction: Connection, event: Event) -> None:
        await self._reservations.release(transaction, _decoded(event).order.id)

    async def _restock(self, transaction: Connection, event: Event) -> None:
        await self._reservations.restock(transaction, _decoded(event).order.id)


def _decoded(event: Event) -> OrderEvent:
    return msgspec.json.decode(event.data, type=OrderEvent)
