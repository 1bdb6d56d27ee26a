"""Clients of the services that orders query: catalog and cart."""

from collections.abc import Collection, Mapping
from uuid import UUID

import msgspec

from chassis.http.calls.client import ServiceClient
from chassis.money import Money


class PricedProduct(msgspec.Struct, frozen=True):
    """The fields of a product that an order needs."""

    sku: str
    price: Money


class CartItem(msgspec.Struct, frozen=True):
    """An item of a cart."""

    quantity: int
    revision: UUID


class CartContents(msgspec.Struct, frozen=True):
    """Quantities in a cart and revisions of its items, by SKU."""

    items: dict[str, int]
    revisions: dict[str, UUID]


class CatalogClient:
    """Client of the catalog service."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def prices(self, skus: Collection[str]) -> Mapping[str, Money]:
        """Return the current price of each existing product of `skus`."""
        body = {"skus": list(skus)}
        found = await self._client.post(
            "/internal/products/lookup", list[PricedProduct], body, idempotent=True
        )
        return {product.sku: product.price for product in found}


class CartClient:
    """Client of the cart service."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def items(self, user_id: UUID) -> Mapping[str, CartItem]:
        """Return the items of the user's cart, by SKU."""
        cart = await self._client.get(f"/internal/carts/{user_id}", CartContents)
        return {sku: CartItem(quantity, cart.revisions[sku]) for sku, quantity in cart.items.items()}
