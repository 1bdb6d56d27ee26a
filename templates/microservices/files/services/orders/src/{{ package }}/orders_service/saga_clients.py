"""The steps of an order that other services take."""

from collections.abc import Collection, Mapping
from uuid import UUID

import msgspec

from ..service_calls.client import ServiceClient


class ReservationResult(msgspec.Struct, frozen=True):
    """Whether units are promised."""

    reserved: bool


class DebitResult(msgspec.Struct, frozen=True):
    """Whether an order is paid."""

    debited: bool


class PaymentStatus(msgspec.Struct, frozen=True):
    """What was done for an order."""

    debited: bool
    refunded: bool


class InventoryClient:
    """Promises units to orders."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def reserve(self, order_id: UUID, quantities: Mapping[str, int]) -> bool:
        """Promise the units, all or none."""
        body = {"items": quantities}
        return (
            await self._client.put(f"/internal/reservations/{order_id}", ReservationResult, body)
        ).reserved

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
        await self._client.post(f"/internal/reservations/{order_id}/{step}", type(None), idempotent=True)


class PaymentsClient:
    """Takes money for orders and gives it back."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def debit(self, user_id: UUID, order_id: UUID, amount: int) -> bool:
        """Take the amount (minor units); False when there is too little."""
        body = {"user_id": user_id, "amount": amount}
        return (await self._client.put(f"/internal/payments/{order_id}", DebitResult, body)).debited

    async def paid(self, user_id: UUID, order_id: UUID) -> bool:
        """Whether the order's money was taken, and not given back."""
        path, of = f"/internal/payments/{order_id}", {"user_id": str(user_id)}
        found = await self._client.get(path, PaymentStatus, of)
        return found.debited and not found.refunded

    async def refund(self, user_id: UUID, order_id: UUID) -> None:
        """Give back what was taken; what was not taken yet never will be."""
        body = {"user_id": user_id}
        await self._client.post(f"/internal/payments/{order_id}/refund", type(None), body, idempotent=True)


class CartRemovalClient:
    """Clears carts."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def remove(self, user_id: UUID, skus: Collection[str]) -> None:
        """Take items out of the cart, because they were ordered."""
        body = {"skus": list(skus)}
        await self._client.post(f"/internal/carts/{user_id}/removals", type(None), body, idempotent=True)
