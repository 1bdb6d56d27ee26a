"""Clients of the services that orders query: catalog and cart."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import msgspec

from chassis.batching import Batcher
from chassis.http.calls.client import ServiceClient
from chassis.money import Money

MAX_SKUS = 100
"""The most SKUs that the catalog looks up in one call."""


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
    """Client of the catalog service. Concurrent orders share calls."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client
        self._looking_up = Batcher(self._look_up)

    async def prices(self, skus: Collection[str]) -> Mapping[str, Money]:
        """Return the current price of each existing product of `skus`."""
        return await self._looking_up.call(skus)

    async def _look_up(self, orders: Sequence[Collection[str]]) -> list[Mapping[str, Money]]:
        wanted = list({sku for skus in orders for sku in skus})
        found: dict[str, Money] = {}
        for start in range(0, len(wanted), MAX_SKUS):
            body = {"skus": wanted[start : start + MAX_SKUS]}
            products = await self._client.post(
                "/internal/products/lookup", list[PricedProduct], body, idempotent=True
            )
            found |= {product.sku: product.price for product in products}
        return [found] * len(orders)


class CartClient:
    """Client of the cart service."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def items(self, user_id: UUID) -> Mapping[str, CartItem]:
        """Return the items of the user's cart, by SKU."""
        cart = await self._client.get(f"/internal/carts/{user_id}", CartContents)
        return {sku: CartItem(quantity, cart.revisions[sku]) for sku, quantity in cart.items.items()}
