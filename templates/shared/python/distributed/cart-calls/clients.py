"""Clients of the services that the cart calls."""

from collections.abc import Collection, Mapping

import msgspec

from chassis.http.calls.client import ServiceClient
from chassis.money import Money


class CatalogProduct(msgspec.Struct, frozen=True):
    """The fields of a product that the cart shows."""

    sku: str
    name: str
    price: Money


class CatalogClient:
    """Client of the catalog service."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def find(self, skus: Collection[str]) -> Mapping[str, CatalogProduct]:
        """Return the existing products of `skus`, by SKU."""
        body = {"skus": list(skus)}
        found = await self._client.post(
            "/internal/products/lookup", list[CatalogProduct], body, idempotent=True
        )
        return {product.sku: product for product in found}
