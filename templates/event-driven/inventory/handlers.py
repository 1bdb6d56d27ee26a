"""Event handlers of the inventory service."""

from collections.abc import Sequence

import msgspec

from chassis.db.connections import Connection
from chassis.messaging.events import Event
from chassis.messaging.outbox import NewEvent, new_event
from choreography.events import OrderEvent, StockRefused, StockReserved
from choreography.handlers import Delivery

from ..inventory.reservations import Reservations
from .tables import outbox

PLACED, CONFIRMED, REJECTED, CANCELLED = "OrderPlaced", "OrderConfirmed", "OrderRejected", "OrderCancelled"


class InventoryHandlers:
    """Reserves units for placed orders, and commits, releases or returns them when the order is decided."""

    types = frozenset({PLACED, CONFIRMED, REJECTED, CANCELLED})

    def __init__(self, reservations: Reservations) -> None:
        self._reservations = reservations

    async def lock(self, transaction: Connection, events: Sequence[Event]) -> None:
        """Lock the stock of all products in the events."""
        skus = {line.sku for event in events for line in _decoded(event).order.items}
        await self._reservations.lock(transaction, skus)

    async def handle(self, transaction: Connection, deliveries: Sequence[Delivery]) -> None:
        """Take one step after the other, in the order in which an order's events follow each other."""
        ids = {
            type: [_decoded(event).order.id for event, _ in deliveries if event.type == type]
            for type in self.types
        }
        if ids[PLACED]:
            await self._reserve(transaction, [each for each in deliveries if each.event.type == PLACED])
        if ids[CONFIRMED]:
            await self._reservations.commit(transaction, ids[CONFIRMED])
        if ids[REJECTED]:
            await self._reservations.release(transaction, ids[REJECTED])
        if ids[CANCELLED]:
            await self._reservations.restock(transaction, ids[CANCELLED])

    async def _reserve(self, transaction: Connection, deliveries: Sequence[Delivery]) -> None:
        placed = [_decoded(delivery.event) for delivery in deliveries]
        quantities = {
            each.order.id: {line.sku: line.quantity for line in each.order.items} for each in placed
        }
        reserved = await self._reservations.reserve(transaction, quantities)
        outcomes = [
            delivery.context.run(_outcome, each, reserved=each.order.id in reserved)
            for delivery, each in zip(deliveries, placed, strict=True)
        ]
        await outbox.append_all(transaction, outcomes)


def _outcome(placed: OrderEvent, *, reserved: bool) -> NewEvent:
    order_id, key = placed.order.id, str(placed.order.id)
    if reserved:
        data = StockReserved(order_id, placed.user_id, placed.order.total)
        return new_event("StockReserved", key, data, version=2)
    return new_event("StockRefused", key, StockRefused(order_id, placed.user_id))


def _decoded(event: Event) -> OrderEvent:
    return msgspec.json.decode(event.data, type=OrderEvent)
