"""What orders asks other services."""

from collections.abc import Collection, Mapping
from uuid import UUID

import msgspec

from ..chassis.money import Money
from ..service_calls.client import ServiceClient


class PricedProduct(msgspec.Struct, frozen=True):
    """What orders wants to know of a product."""

    sku: str
    price: Money


class CartContents(msgspec.Struct, frozen=True):
    """Units by SKU."""

    items: dict[str, int]


class CatalogClient:
    """Knows what products cost."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def prices(self, skus: Collection[str]) -> Mapping[str, Money]:
        """Return the newest price of each of `skus` that exists."""
        body = {"skus": list(skus)}
        found = await self._client.post(
            "/internal/products/lookup", list[PricedProduct], body, idempotent=True
        )
        return {product.sku: product.price for product in found}


class CartClient:
    """Knows what users have in their carts."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def quantities(self, user_id: UUID) -> Mapping[str, int]:
        """Return how many units of each SKU are in the cart."""
        return (await self._client.get(f"/internal/carts/{user_id}", CartContents)).items
