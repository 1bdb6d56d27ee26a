"""What orders asks other services."""

from collections.abc import Collection, Mapping
from uuid import UUID

import msgspec

from ..chassis.money import Money
from ..peers.client import Peer


class PricedProduct(msgspec.Struct, frozen=True):
    """What orders wants to know of a product."""

    sku: str
    price: Money


class CartContents(msgspec.Struct, frozen=True):
    """Units by SKU."""

    items: dict[str, int]


class CatalogClient:
    """Knows what products cost."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    async def prices(self, skus: Collection[str]) -> Mapping[str, Money]:
        """Return the newest price of each of `skus` that exists."""
        body = {"skus": list(skus)}
        found = await self._peer.post("/internal/products/lookup", list[PricedProduct], body, idempotent=True)
        return {product.sku: product.price for product in found}


class CartClient:
    """Knows what users have in their carts."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    async def quantities(self, user_id: UUID) -> Mapping[str, int]:
        """Return how many units of each SKU are in the cart."""
        return (await self._peer.get(f"/internal/carts/{user_id}", CartContents)).items
