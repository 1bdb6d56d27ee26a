"""Event handlers of the orders service: outcomes of reservations and payments."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from chassis.db.connections import Connection
from chassis.messaging.events import Event
from choreography.events import PaymentDebited, PaymentDeclined, StockRefused
from choreography.handlers import EventHandler

from ..orders.domain import OrderState, RejectionReason
from ..orders.repository import OrderRepository


class _OfOrder(msgspec.Struct):
    order_id: UUID


class OrderHandlers:
    """Confirms or rejects orders. An event that arrives after the decision has no effect."""

    def __init__(self, repository: OrderRepository) -> None:
        self._repository = repository
        self.handlers: dict[str, EventHandler] = {
            "PaymentDebited": self._confirm,
            "PaymentDeclined": self._decline,
            "StockRefused": self._refuse,
        }

    async def lock(self, transaction: Connection, events: Sequence[Event]) -> None:
        """Lock all orders in the events."""
        order_ids = {msgspec.json.decode(event.data, type=_OfOrder).order_id for event in events}
        await self._repository.lock(transaction, order_ids)

    async def _confirm(self, transaction: Connection, event: Event) -> None:
        paid = msgspec.json.decode(event.data, type=PaymentDebited)
        await self._decide(transaction, paid.user_id, paid.order_id, OrderState.CONFIRMED)

    async def _decline(self, transaction: Connection, event: Event) -> None:
        declined = msgspec.json.decode(event.data, type=PaymentDeclined)
        reason = RejectionReason.PAYMENT_DECLINED
        await self._decide(transaction, declined.user_id, declined.order_id, OrderState.REJECTED, reason)

    async def _refuse(self, transaction: Connection, event: Event) -> None:
        refused = msgspec.json.decode(event.data, type=StockRefused)
        reason = RejectionReason.OUT_OF_STOCK
        await self._decide(transaction, refused.user_id, refused.order_id, OrderState.REJECTED, reason)

    async def _decide(
        self,
        transaction: Connection,
        user_id: UUID,
        order_id: UUID,
        state: OrderState,
        reason: RejectionReason | None = None,
    ) -> None:
        record = await self._repository.find_in(transaction, user_id, order_id)
        # The event was published after its order was stored.
        assert record is not None
        await self._repository.change_state(transaction, record, state, reason)
