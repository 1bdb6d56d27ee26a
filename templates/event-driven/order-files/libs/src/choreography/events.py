"""Payloads of the events that services exchange.

Consumers decode the fields they need and ignore all others, so producers may add fields.
"""

from dataclasses import dataclass
from uuid import UUID

import msgspec

from chassis.money import Money


@dataclass(frozen=True, slots=True)
class StockReserved:
    """The units of an order are reserved; `total` is the amount to debit."""

    order_id: UUID
    user_id: UUID
    total: Money


@dataclass(frozen=True, slots=True)
class StockRefused:
    """An order's units are not reserved: there are too few."""

    order_id: UUID
    user_id: UUID


@dataclass(frozen=True, slots=True)
class PaymentDebited:
    """The order is paid; `amount` is in minor units."""

    order_id: UUID
    user_id: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class PaymentDeclined:
    """An order is not paid: the balance of the user's wallet is too low."""

    order_id: UUID
    user_id: UUID


class OrderLine(msgspec.Struct, frozen=True):
    """Quantity of one product in an order."""

    sku: str
    quantity: int


class OrderContent(msgspec.Struct, frozen=True):
    """An order, as far as other services need it."""

    id: UUID
    items: list[OrderLine]
    total: Money


class OrderEvent(msgspec.Struct, frozen=True):
    """The fields of OrderPlaced, OrderConfirmed, OrderRejected and OrderCancelled that others use."""

    user_id: UUID
    from_cart: bool
    order: OrderContent
    cart_revisions: dict[str, UUID] = {}
