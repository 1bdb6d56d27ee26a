"""What orders speak of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from ..chassis.clock import now
from ..chassis.ids import new_id
from ..chassis.money import Money


class OrderState(StrEnum):
    """Where an order stands."""

    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"


class RejectionReason(StrEnum):
    """Why an order was rejected."""

    OUT_OF_STOCK = "out_of_stock"
    PAYMENT_DECLINED = "payment_declined"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class Line:
    """So many units of a product, at the price of when the order was placed."""

    sku: str
    quantity: int
    unit_price: Money


@dataclass(frozen=True, slots=True)
class Order:
    """An order; `reason` is there only when it was rejected."""

    id: UUID
    state: OrderState
    reason: RejectionReason | None
    items: list[Line]
    total: Money
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """An order with what its owner's view of it does not show. This is what the events of orders carry."""

    user_id: UUID
    from_cart: bool
    order: Order

    def with_state(self, state: OrderState, reason: RejectionReason | None = None) -> "OrderRecord":
        """Return it in another state, as of now."""
        return replace(self, order=replace(self.order, state=state, reason=reason, updated_at=now()))


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """What makes a repetition of a request recognisable: the user's key, and a digest of what was asked."""

    user_id: UUID
    key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class OrderResponse:
    """What a request to place an order is answered, now and whenever it is repeated."""

    order_id: UUID
    body: bytes
    replayed: bool


def new_order_record(
    user_id: UUID,
    quantities: Mapping[str, int],
    prices: Mapping[str, Money],
    currency: str,
    *,
    from_cart: bool,
) -> OrderRecord:
    """Return a pending order of `quantities` by SKU at `prices` by SKU."""
    lines = [Line(sku, quantity, prices[sku]) for sku, quantity in quantities.items()]
    total = sum(line.quantity * line.unit_price.amount for line in lines)
    time = now()
    order = Order(new_id(), OrderState.PENDING, None, lines, Money(total, currency), time, time)
    return OrderRecord(user_id, from_cart, order)
