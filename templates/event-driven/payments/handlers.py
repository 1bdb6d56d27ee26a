"""Event handlers of the payments service."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from chassis.db.connections import Connection
from chassis.messaging.events import Event
from chassis.messaging.outbox import NewEvent, new_event
from choreography.events import OrderEvent, PaymentDebited, PaymentDeclined, StockReserved
from choreography.handlers import Delivery

from ..payments.ledger import Ledger
from .tables import outbox


class _OfUser(msgspec.Struct):
    user_id: UUID


class PaymentHandlers:
    """Debits orders whose units are reserved, and refunds orders that are rejected or cancelled.

    OrderRejected may arrive before StockReserved, because they come from two topics. The ledger records the
    rejection and then declines the debit.
    """

    types = frozenset({"StockReserved", "OrderRejected", "OrderCancelled"})

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def lock(self, transaction: Connection, events: Sequence[Event]) -> None:
        """Lock the wallets of all users in the events."""
        users = {msgspec.json.decode(event.data, type=_OfUser).user_id for event in events}
        await self._ledger.lock(transaction, users)

    async def handle(self, transaction: Connection, deliveries: Sequence[Delivery]) -> None:
        """Handle one event after the other."""
        outcomes = []
        for event, context in deliveries:
            if event.type == "StockReserved":
                reserved = msgspec.json.decode(event.data, type=StockReserved)
                debited = await self._debit(transaction, reserved)
                outcomes.append(context.run(_outcome, reserved, debited=debited))
            else:
                ended = msgspec.json.decode(event.data, type=OrderEvent)
                await self._ledger.refund(transaction, ended.user_id, ended.order.id)
        await outbox.append_all(transaction, outcomes)

    async def _debit(self, transaction: Connection, reserved: StockReserved) -> bool:
        amount = reserved.total.amount
        return await self._ledger.debit(transaction, reserved.user_id, reserved.order_id, amount)


def _outcome(reserved: StockReserved, *, debited: bool) -> NewEvent:
    order_id, user_id, key = reserved.order_id, reserved.user_id, str(reserved.order_id)
    if debited:
        return new_event("PaymentDebited", key, PaymentDebited(order_id, user_id, reserved.total.amount))
    return new_event("PaymentDeclined", key, PaymentDeclined(order_id, user_id))
