"""What the cart asks other services."""

from collections.abc import Collection, Mapping

import msgspec

from ..chassis.money import Money
from ..service_calls.client import ServiceClient


class CatalogProduct(msgspec.Struct, frozen=True):
    """What the cart wants to know of a product."""

    sku: str
    name: str
    price: Money


class CatalogClient:
    """The catalogue, elsewhere."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def find(self, skus: Collection[str]) -> Mapping[str, CatalogProduct]:
        """Return those of `skus` that exist."""
        body = {"skus": list(skus)}
        found = await self._client.post(
            "/internal/products/lookup", list[CatalogProduct], body, idempotent=True
        )
        return {product.sku: product for product in found}
