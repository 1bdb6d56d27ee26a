"""Domain model of the cart."""

from dataclasses import dataclass
from uuid import UUID

from chassis.money import Money


@dataclass(frozen=True, slots=True)
class StoredItem:
    """The quantity of a product in a cart; every change of it gives a new `revision`."""

    quantity: int
    revision: UUID


@dataclass(frozen=True, slots=True)
class CartItem:
    """A product in a cart, at its current price."""

    sku: str
    name: str
    quantity: int
    unit_price: Money


@dataclass(frozen=True, slots=True)
class Cart:
    """A user's cart, and its total at current prices."""

    items: list[CartItem]
    total: Money
