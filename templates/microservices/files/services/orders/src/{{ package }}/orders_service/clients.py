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


class Reserved(msgspec.Struct, frozen=True):
    """Whether units are promised."""

    reserved: bool


class Debited(msgspec.Struct, frozen=True):
    """Whether an order is paid."""

    debited: bool


class Paid(msgspec.Struct, frozen=True):
    """What was done for an order."""

    debited: bool
    refunded: bool


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

    async def remove(self, user_id: UUID, skus: Collection[str]) -> None:
        """Take items out of the cart, because they were ordered."""
        body = {"skus": list(skus)}
        await self._peer.post(f"/internal/carts/{user_id}/removals", type(None), body, idempotent=True)


class InventoryClient:
    """Promises units to orders."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    async def reserve(self, order_id: UUID, quantities: Mapping[str, int]) -> bool:
        """Promise the units, all or none."""
        body = {"items": quantities}
        return (await self._peer.put(f"/internal/reservations/{order_id}", Reserved, body)).reserved

    async def commit(self, order_id: UUID) -> None:
        """Let the units leave the shelf."""
        await self._take(order_id, "commit")

    async def release(self, order_id: UUID) -> None:
        """Free the units; the order never gets any."""
        await self._take(order_id, "release")

    async def restock(self, order_id: UUID) -> None:
        """Bring the units back to the shelf."""
        await self._take(order_id, "restock")

    async def _take(self, order_id: UUID, step: str) -> None:
        await self._peer.post(f"/internal/reservations/{order_id}/{step}", type(None), idempotent=True)


class PaymentsClient:
    """Takes money for orders and gives it back."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    async def debit(self, user_id: UUID, order_id: UUID, amount: int) -> bool:
        """Take the amount (minor units); False when there is too little."""
        body = {"user_id": user_id, "amount": amount}
        return (await self._peer.put(f"/internal/payments/{order_id}", Debited, body)).debited

    async def paid(self, user_id: UUID, order_id: UUID) -> bool:
        """Whether the order's money was taken, and not given back."""
        path, of = f"/internal/payments/{order_id}", {"user_id": str(user_id)}
        found = await self._peer.get(path, Paid, of)
        return found.debited and not found.refunded

    async def refund(self, user_id: UUID, order_id: UUID) -> None:
        """Give back what was taken; what was not taken yet never will be."""
        body = {"user_id": user_id}
        await self._peer.post(f"/internal/payments/{order_id}/refund", type(None), body, idempotent=True)
