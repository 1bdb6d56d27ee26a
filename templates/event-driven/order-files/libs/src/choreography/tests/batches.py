"""Events of orders, and batches of them that are handled concurrently."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import stamina

from chassis.clock import now
from chassis.ids import new_id
from chassis.messaging.events import Event
from chassis.money import Money

from ..events import OrderContent, OrderEvent, OrderLine
from ..handlers import IdempotentHandler


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """An order of one user, at a total of 1.00 EUR."""

    id: UUID
    user_id: UUID
    quantities: Mapping[str, int]

    def event(self, type: str) -> Event:
        """Return an event of this order from the orders service."""
        lines = [OrderLine(sku, quantity) for sku, quantity in self.quantities.items()]
        content = OrderContent(self.id, lines, Money(100, "EUR"))
        return event(type, self.id, OrderEvent(self.user_id, from_cart=True, order=content))


def event(type: str, order_id: UUID, data: Any) -> Event:
    """Return a new event of an order."""
    content = msgspec.Raw(msgspec.json.encode(data))
    return Event(
        id=new_id(), type=type, version=1, time=now(), key=str(order_id), traceparent=None, data=content
    )


async def handle_concurrently(handle: IdempotentHandler, *batches: Sequence[Event]) -> None:
    """Handle batches like those of different partitions, and fail if any of them has to be repeated."""
    with stamina.set_testing(True):
        await asyncio.gather(*map(handle, batches))
