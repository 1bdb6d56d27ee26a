"""Event handlers of the orders service: outcomes of reservations and payments."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from chassis.db.connections import Connection
from chassis.messaging.events import Event
from choreography.handlers import Delivery

from ..orders.domain import OrderRecord, OrderState, RejectionReason
from ..orders.repository import OrderRepository, ReportedOrder, reported

DECISIONS = {
    "PaymentDebited": (OrderState.CONFIRMED, None),
    "PaymentDeclined": (OrderState.REJECTED, RejectionReason.PAYMENT_DECLINED),
    "StockRefused": (OrderState.REJECTED, RejectionReason.OUT_OF_STOCK),
}


class _OfOrder(msgspec.Struct):
    order_id: UUID


class OrderHandlers:
    """Confirms or rejects orders. An event that arrives after the decision has no effect."""

    types = DECISIONS.keys()

    def __init__(self, repository: OrderRepository) -> None:
        self._repository = repository

    async def lock(self, transaction: Connection, events: Sequence[Event]) -> None:
        """Lock nothing: `handle` locks all orders when it changes their states."""

    async def handle(self, transaction: Connection, deliveries: Sequence[Delivery]) -> None:
        """Change the states of the orders."""
        order_ids = [
            msgspec.json.decode(delivery.event.data, type=_OfOrder).order_id for delivery in deliveries
        ]
        # Each event was published after its order was stored.
        records = await self._repository.find_all(transaction, order_ids)
        decided = [
            delivery.context.run(_decide, records[order_id], delivery.event)
            for order_id, delivery in zip(order_ids, deliveries, strict=True)
        ]
        await self._repository.change_states(transaction, decided)


def _decide(record: OrderRecord, event: Event) -> ReportedOrder:
    state, reason = DECISIONS[event.type]
    return reported(record.with_state(state, reason))
