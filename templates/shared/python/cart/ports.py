"""What the cart needs from elsewhere."""

from collections.abc import Collection, Mapping
from typing import Protocol

from ..chassis.money import Money


class Product(Protocol):
    """What the cart shows of a product."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def price(self) -> Money:
        """What one unit costs."""
        ...


class Catalog(Protocol):
    """Knows the products."""

    async def find(self, skus: Collection[str]) -> Mapping[str, Product]:
        """Return those of `skus` that exist."""
        ...
