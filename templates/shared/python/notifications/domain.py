"""Domain model of notifications."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec


@dataclass(frozen=True, slots=True)
class Message:
    """A message to a user about an order, caused by the event `event_id`."""

    id: UUID
    event_id: UUID
    user_id: UUID
    order_id: UUID
    about: str
    text: str
    created_at: datetime


class _Total(msgspec.Struct, frozen=True):
    amount: int
    currency: str


class _Order(msgspec.Struct, frozen=True):
    id: UUID
    total: _Total
    reason: str | None


class OrderEvent(msgspec.Struct, frozen=True):
    """The part of an order event's data that notifications read."""

    user_id: UUID
    order: _Order


def wording(about: str, event: OrderEvent) -> str:
    """Return the text of the message for an event of the type `about`."""
    order = event.order
    # Most currencies have two minor digits; adapt this for the others (ISO 4217).
    total = f"{order.total.amount / 100:.2f} {order.total.currency}"
    match about:
        case "OrderConfirmed":
            return f"Your order {order.id} for {total} is confirmed."
        case "OrderCancelled":
            return f"Your order {order.id} is cancelled. {total} is back in your wallet."
        case _:
            return f"Your order {order.id} was rejected: {(order.reason or 'unknown').replace('_', ' ')}."
