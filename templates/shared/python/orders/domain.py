"""Domain model of orders."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from chassis.clock import now
from chassis.ids import new_id
from chassis.money import Money


class OrderState(StrEnum):
    """The state of an order."""

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
    """Units of one product, at its price when the order was placed."""

    sku: str
    quantity: int
    unit_price: Money


@dataclass(frozen=True, slots=True)
class Order:
    """An order; `reason` is set only if it was rejected."""

    id: UUID
    state: OrderState
    reason: RejectionReason | None
    items: list[Line]
    total: Money
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """An order with its owner, and the cart items that it orders. Order events carry this record."""

    user_id: UUID
    from_cart: bool
    order: Order
    # By SKU. Empty for an order of named items, and in events from before cart items had revisions.
    cart_revisions: dict[str, UUID] = field(default_factory=dict)

    def with_state(self, state: OrderState, reason: RejectionReason | None = None) -> "OrderRecord":
        """Return the record in another state, updated now; a rejected order no longer has its cart items."""
        order = replace(self.order, state=state, reason=reason, updated_at=now())
        revisions = {} if state is OrderState.REJECTED else self.cart_revisions
        return replace(self, order=order, cart_revisions=revisions)


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """Identifies a request and its repetitions: the user's idempotency key, and a digest of the content."""

    user_id: UUID
    key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class OrderResponse:
    """The response to a request to place an order, the same for every repetition of the request."""

    order_id: UUID
    body: bytes
    replayed: bool


def new_order_record(
    user_id: UUID,
    quantities: Mapping[str, int],
    prices: Mapping[str, Money],
    currency: str,
    cart_revisions: Mapping[str, UUID] | None = None,
) -> OrderRecord:
    """Return a new pending order with `quantities` and `prices` by SKU.

    `cart_revisions` are those of the cart items that it orders; None if it does not order the cart.
    """
    lines = [Line(sku, quantity, prices[sku]) for sku, quantity in quantities.items()]
    total = sum(line.quantity * line.unit_price.amount for line in lines)
    time = now()
    order = Order(new_id(), OrderState.PENDING, None, lines, Money(total, currency), time, time)
    return OrderRecord(user_id, cart_revisions is not None, order, dict(cart_revisions or {}))
