"""Event handlers of the payments service."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from chassis.db.connections import Connection
from chassis.messaging.events import Event
from choreography.events import OrderEvent, PaymentDebited, PaymentDeclined, StockReserved
from choreography.handlers import EventHandler

from ..payments.ledger import Ledger
from .tables import outbox


class _OfUser(msgspec.Struct):
    user_id: UUID


class PaymentHandlers:
    """Debits orders whose units are reserved, and refunds orders that are rejected or cancelled.

    OrderRejected may arrive before StockReserved, because they come from two topics. The ledger records the
    rejection and then declines the debit.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.handlers: dict[str, EventHandler] = {
            "StockReserved": self._debit,
            "OrderRejected": self._refund,
            "OrderCancelled": self._refund,
        }

    async def lock(self, transaction: Connection, events: Sequence[Event]) -> None:
        """Lock the wallets of all users in the events."""
        users = {msgspec.json.decode(event.data, type=_OfUser).user_id for event in events}
        await self._ledger.lock(transaction, users)

    async def _debit(self, transaction: Connection, event: Event) -> None:
        reserved = msgspec.json.decode(event.data, type=StockReserved)
        order_id, user_id, amount = reserved.order_id, reserved.user_id, reserved.total.amount
        if await self._ledger.debit(transaction, user_id, order_id, amount):
            debited = PaymentDebited(order_id, user_id, amount)
            await outbox.append(transaction, "PaymentDebited", event.key, debited)
        else:
            declined = PaymentDeclined(order_id, user_id)
            await outbox.append(transaction, "PaymentDeclined", event.key, declined)

    async def _refund(self, transaction: Connection, event: Event) -> None:
        ended = msgspec.json.decode(event.data, type=OrderEvent)
        await self._ledger.refund(transaction, ended.user_id, ended.order.id)
