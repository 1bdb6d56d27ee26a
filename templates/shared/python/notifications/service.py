"""Notification service: turns order events into messages to users."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict

import msgspec
import sqlalchemy as sa

from chassis.clock import now
from chassis.db.connections import prepared
from chassis.db.database import Database
from chassis.ids import new_id
from chassis.messaging.events import Event
from chassis.telemetry.traces import delivering

from .domain import Message, OrderEvent, wording
from .ports import Sender
from .tables import inbox, message

HANDLED = frozenset({"OrderConfirmed", "OrderRejected", "OrderCancelled"})
# Messages that are sent concurrently, within one transaction.
BATCH = 25
_ADD = prepared(sa.insert(message))


class Notifications:
    """Records and sends one message per event; a message that could not be sent is retried."""

    def __init__(self, database: Database, sender: Sender) -> None:
        self._database = database
        self._sender = sender

    async def handle(self, events: Sequence[Event]) -> None:
        """Notify users about their orders; repeated events and those of other types have no effect.

        If a message cannot be sent, its error is raised, and the others of its transaction are recorded.
        """
        relevant = list({event.id: event for event in events if event.type in HANDLED}.values())
        for start in range(0, len(relevant), BATCH):
            await self._notify(relevant[start : start + BATCH])

    async def _notify(self, events: Sequence[Event]) -> None:
        async with self._database.transaction() as transaction:
            new = await inbox.add(transaction, [event.id for event in events])
            made = [(event, _message(event)) for event in events if event.id in new]
            # Inside the transaction: an event whose message is not sent is not recorded, but delivered again.
            errors = await asyncio.gather(*(self._send(*each) for each in made))
            failed = {event.id: error for (event, _), error in zip(made, errors, strict=True) if error}
            await inbox.remove(transaction, failed)
            sent = [asdict(each) for event, each in made if event.id not in failed]
            if sent:
                await transaction.execute(_ADD, sent)
        for error in failed.values():
            raise error

    async def _send(self, event: Event, made: Message) -> Exception | None:
        try:
            with delivering(event):
                await self._sender.send(made)
        except Exception as error:
            return error
        return None


def _message(event: Event) -> Message:
    data = msgspec.json.decode(event.data, type=OrderEvent)
    text = wording(event.type, data)
    return Message(new_id(), event.id, data.user_id, data.order.id, event.type, text, now())
