"""What notifications speak of."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec


@dataclass(frozen=True, slots=True)
class Message:
    """What a user is told about an order, because of the event `event_id`."""

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
    """As much as notifications read of an order event's data; what else is in it does not matter here."""

    user_id: UUID
    order: _Order


def wording(about: str, event: OrderEvent) -> str:
    """Return the words for an event of the type `about`."""
    order = event.order
    # Two minor digits fit the currencies of most shops (ISO 4217 has others).
    total = f"{order.total.amount / 100:.2f} {order.total.currency}"
    match about:
        case "OrderConfirmed":
            return f"Your order {order.id} over {total} is confirmed."
        case "OrderCancelled":
            return f"Your order {order.id} is cancelled and {total} are back in your wallet."
        case _:
            return f"Your order {order.id} was rejected: {(order.reason or 'unknown').replace('_', ' ')}."
