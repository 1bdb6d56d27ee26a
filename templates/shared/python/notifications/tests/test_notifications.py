"""Tests that each order event leads to one message."""

import asyncio
from uuid import UUID, uuid4

import msgspec
import pytest

from chassis.clock import now
from chassis.db.database import Database
from chassis.messaging.events import Event

from ..audit_snapshot import take_snapshot
from ..domain import Message
from ..service import BATCH, Notifications

ALICE, ORDER = UUID(int=1), UUID(int=2)


class Sender:
    """Records sent messages; those about the events in `failing` fail."""

    def __init__(self, *failing: Event) -> None:
        self.sent: list[Message] = []
        self.failing = {event.id for event in failing}

    async def send(self, message: Message) -> None:
        """Send the message, or fail."""
        if message.event_id in self.failing:
            raise OSError("no route to host")
        self.sent.append(message)


def event(kind: str, reason: str | None = None) -> Event:
    """Return an order event with more fields than notifications read."""
    order = {"id": ORDER, "total": {"amount": 1999, "currency": "EUR"}, "reason": reason, "state": "?"}
    data = msgspec.json.encode({"user_id": ALICE, "order": order, "news": 1})
    return Event(
        id=uuid4(), type=kind, version=1, time=now(), key=str(ORDER), traceparent=None, data=msgspec.Raw(data)
    )


async def notified(database: Database) -> list[str]:
    """Return the types of the events about which Alice was notified."""
    async with database.reading() as connection:
        return (await take_snapshot(connection)).told.get(ORDER, [])


@pytest.mark.parametrize(
    ("kind", "reason", "text"),
    [
        ("OrderConfirmed", None, f"Your order {ORDER} for 19.99 EUR is confirmed."),
        ("OrderRejected", "out_of_stock", f"Your order {ORDER} was rejected: out of stock."),
        ("OrderCancelled", None, f"Your order {ORDER} is cancelled. 19.99 EUR is back in your wallet."),
    ],
)
async def test_user_gets_a_readable_message(
    database: Database, kind: str, reason: str | None, text: str
) -> None:
    """Every type of order event has a message text."""
    sender = Sender()
    await Notifications(database, sender).handle([event(kind, reason)])
    assert [(message.user_id, message.text) for message in sender.sent] == [(ALICE, text)]
    assert await notified(database) == [kind]


async def test_repeated_event_sends_one_message(database: Database) -> None:
    """Sequential and concurrent repetitions of an event send nothing more."""
    sender, once, often = Sender(), event("OrderConfirmed"), event("OrderCancelled")
    notifications = Notifications(database, sender)
    for _ in range(3):
        await notifications.handle([once])
    await asyncio.gather(*(notifications.handle([often]) for _ in range(4)), return_exceptions=True)
    assert sorted(await notified(database)) == ["OrderCancelled", "OrderConfirmed"]
    assert [message.about for message in sender.sent] == ["OrderConfirmed", "OrderCancelled"]


async def test_failed_message_is_sent_when_the_event_is_delivered_again(database: Database) -> None:
    """A message that could not be sent is not recorded; the others of the batch are sent once."""
    news, other = event("OrderConfirmed"), event("OrderCancelled")
    sender = Sender(news)
    notifications = Notifications(database, sender)
    with pytest.raises(OSError, match="no route"):
        await notifications.handle([news, other])
    assert await notified(database) == ["OrderCancelled"]
    sender.failing.clear()
    for each in ([news], [other], [news, other]):
        await notifications.handle(each)
    assert sorted(await notified(database)) == ["OrderCancelled", "OrderConfirmed"]
    assert [message.event_id for message in sender.sent] == [other.id, news.id]


async def test_many_events_are_recorded_in_few_transactions(database: Database) -> None:
    """Events of one call share transactions, and those of other types or listed twice add no message."""
    sender = Sender()
    events = [event("OrderConfirmed") for _ in range(2 * BATCH + 1)]
    await Notifications(database, sender).handle([*events, event("OrderPlaced"), events[0]])
    assert len(await notified(database)) == len(events)
    assert {message.event_id for message in sender.sent} == {each.id for each in events}
    assert len(sender.sent) == len(events)
