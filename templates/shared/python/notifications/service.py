"""Consumes order events."""

from dataclasses import asdict

import msgspec
import sqlalchemy as sa

from ..chassis.clock import now
from ..chassis.database import Database
from ..chassis.events import Event
from ..chassis.ids import new_id
from .domain import Message, OrderEvent, wording
from .ports import Sender
from .tables import inbox, message

_ADD = sa.insert(message)


class Notifications:
    """Records one message for each event and sends it, again if need be: nobody is left without."""

    handles = ("OrderConfirmed", "OrderRejected", "OrderCancelled")

    def __init__(self, database: Database, sender: Sender) -> None:
        self._database = database
        self._sender = sender

    async def handle(self, event: Event) -> None:
        """Tell the user of the order; an event that comes again changes nothing."""
        data = msgspec.json.decode(event.data, type=OrderEvent)
        made = Message(
            new_id(), event.id, data.user_id, data.order.id, event.type, wording(event.type, data), now()
        )
        async with self._database.transaction() as transaction:
            if not await inbox.first_time(transaction, event.id):
                return
            await transaction.execute(_ADD, asdict(made))
            # Within the transaction: what was not sent is not recorded, and comes again.
            await self._sender.send(made)
