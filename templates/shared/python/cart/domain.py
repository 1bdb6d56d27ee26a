"""What the cart speaks of."""

from dataclasses import dataclass

from ..chassis.money import Money


@dataclass(frozen=True, slots=True)
class CartItem:
    """A product in a cart, at its present price."""

    sku: str
    name: str
    quantity: int
    unit_price: Money


@dataclass(frozen=True, slots=True)
class Cart:
    """All that a user has in the cart, and what it would cost now."""

    items: list[CartItem]
    total: Money
