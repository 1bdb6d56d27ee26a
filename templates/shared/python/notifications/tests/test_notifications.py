"""Every event of an order is told once."""

import asyncio
from uuid import UUID, uuid4

import msgspec
import pytest

from ...chassis.clock import now
from ...chassis.database import Database
from ...chassis.events import Event
from ..audit_snapshot import take_snapshot
from ..domain import Message
from ..service import Notifications

ALICE, ORDER = UUID(int=1), UUID(int=2)


class Sender:
    """Keeps what it sends; the first `failures` messages it cannot send."""

    def __init__(self, failures: int = 0) -> None:
        self.sent: list[Message] = []
        self._failures = failures

    async def send(self, message: Message) -> None:
        """Send the message, or fail."""
        if self._failures:
            self._failures -= 1
            raise OSError("no route to host")
        self.sent.append(message)


def event(kind: str, reason: str | None = None) -> Event:
    """An event of an order, with more in it than notifications need."""
    order = {"id": ORDER, "total": {"amount": 1999, "currency": "EUR"}, "reason": reason, "state": "?"}
    data = msgspec.json.encode({"user_id": ALICE, "order": order, "news": 1})
    return Event(
        id=uuid4(), type=kind, version=1, time=now(), key=str(ORDER), traceparent=None, data=msgspec.Raw(data)
    )


async def told(database: Database) -> list[str]:
    """The types of the events that Alice was told of."""
    async with database.reading() as connection:
        return (await take_snapshot(connection)).told.get(ORDER, [])


@pytest.mark.parametrize(
    ("kind", "reason", "text"),
    [
        ("OrderConfirmed", None, f"Your order {ORDER} over 19.99 EUR is confirmed."),
        ("OrderRejected", "out_of_stock", f"Your order {ORDER} was rejected: out of stock."),
        ("OrderCancelled", None, f"Your order {ORDER} is cancelled and 19.99 EUR are back in your wallet."),
    ],
)
async def test_user_is_told(database: Database, kind: str, reason: str | None, text: str) -> None:
    """In words."""
    sender = Sender()
    await Notifications(database, sender).handle(event(kind, reason))
    assert [(message.user_id, message.text) for message in sender.sent] == [(ALICE, text)]
    assert await told(database) == [kind]


async def test_event_that_comes_again_is_not_told_again(database: Database) -> None:
    """One after another, and all at once."""
    sender, once, often = Sender(), event("OrderConfirmed"), event("OrderCancelled")
    notifications = Notifications(database, sender)
    for _ in range(3):
        await notifications.handle(once)
    await asyncio.gather(*(notifications.handle(often) for _ in range(4)), return_exceptions=True)
    assert sorted(await told(database)) == ["OrderCancelled", "OrderConfirmed"]
    assert [message.about for message in sender.sent] == ["OrderConfirmed", "OrderCancelled"]


async def test_message_that_was_not_sent_is_sent_when_the_event_comes_again(database: Database) -> None:
    """Until then it is not recorded."""
    sender, news = Sender(failures=1), event("OrderConfirmed")
    notifications = Notifications(database, sender)
    with pytest.raises(OSError, match="no route"):
        await notifications.handle(news)
    assert await told(database) == []
    await notifications.handle(news)
    assert await told(database) == ["OrderConfirmed"]
