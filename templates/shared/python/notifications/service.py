"""Notification service: turns order events into messages to users."""

from dataclasses import asdict

import msgspec
import sqlalchemy as sa

from ..chassis.clock import now
from ..chassis.connections import prepared
from ..chassis.database import Database
from ..chassis.events import Event
from ..chassis.ids import new_id
from .domain import Message, OrderEvent, wording
from .ports import Sender
from .tables import inbox, message

_ADD = prepared(sa.insert(message))


class Notifications:
    """Records and sends one message per event; a message that could not be sent is retried."""

    handles = ("OrderConfirmed", "OrderRejected", "OrderCancelled")

    def __init__(self, database: Database, sender: Sender) -> None:
        self._database = database
        self._sender = sender

    async def handle(self, event: Event) -> None:
        """Notify the user about the order; a repeated event has no effect."""
        data = msgspec.json.decode(event.data, type=OrderEvent)
        made = Message(
            new_id(), event.id, data.user_id, data.order.id, event.type, wording(event.type, data), now()
        )
        async with self._database.transaction() as transaction:
            if not await inbox.first_time(transaction, event.id):
                return
            await transaction.execute(_ADD, asdict(made))
            # Inside the transaction: if sending fails, nothing is recorded and the event is delivered again.
            await self._sender.send(made)
