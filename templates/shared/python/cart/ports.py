"""Ports of the cart: what it needs from the rest of the program."""

from collections.abc import Collection, Mapping
from typing import Protocol

from chassis.money import Money


class Product(Protocol):
    """The data of a product that the cart shows."""

    @property
    def name(self) -> str:
        """The product's display name."""
        ...

    @property
    def price(self) -> Money:
        """The price of one unit."""
        ...


class Catalog(Protocol):
    """Looks up products."""

    async def find(self, skus: Collection[str]) -> Mapping[str, Product]:
        """Return the products among `skus` that exist, by SKU."""
        ...
