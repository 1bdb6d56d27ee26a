"""What the events carry that services tell each other.

A consumer reads the fields that it needs and ignores all others, so a producer may add some.
"""

from dataclasses import dataclass
from uuid import UUID

import msgspec

from ..chassis.money import Money


@dataclass(frozen=True, slots=True)
class StockReserved:
    """The units are promised; `total` is what the user has to pay."""

    order_id: UUID
    user_id: UUID
    total: Money


@dataclass(frozen=True, slots=True)
class StockRefused:
    """There are too few units."""

    order_id: UUID
    user_id: UUID


@dataclass(frozen=True, slots=True)
class PaymentDebited:
    """The order is paid."""

    order_id: UUID
    user_id: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class PaymentDeclined:
    """There is too little in the user's wallet."""

    order_id: UUID
    user_id: UUID


class OrderLine(msgspec.Struct, frozen=True):
    """So many units of a product."""

    sku: str
    quantity: int


class OrderContent(msgspec.Struct, frozen=True):
    """What others want to know of an order."""

    id: UUID
    items: list[OrderLine]
    total: Money


class OrderEvent(msgspec.Struct, frozen=True):
    """What others want to know of OrderPlaced, OrderConfirmed, OrderRejected and OrderCancelled."""

    user_id: UUID
    from_cart: bool
    order: OrderContent
