"""Clients of the services that take part in the order saga."""

from collections.abc import Collection, Mapping
from uuid import UUID

import msgspec

from chassis.http.calls.client import ServiceClient


class ReservationResult(msgspec.Struct, frozen=True):
    """Response to a reservation: `reserved` is False if there are too few units."""

    reserved: bool


class DebitResult(msgspec.Struct, frozen=True):
    """Response to a debit: `debited` is False if the balance is too low."""

    debited: bool


class PaymentStatus(msgspec.Struct, frozen=True):
    """Whether an order was debited, and whether the money was refunded."""

    debited: bool
    refunded: bool


class InventoryClient:
    """Client of the inventory service; implements the saga's `Inventory` port."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def reserve(self, order_id: UUID, quantities: Mapping[str, int]) -> bool:
        """Reserve the units of each SKU, all or none; return False if there are too few."""
        body = {"items": quantities}
        return (
            await self._client.put(f"/internal/reservations/{order_id}", ReservationResult, body)
        ).reserved

    async def commit(self, order_id: UUID) -> None:
        """Remove the reserved units from stock."""
        await self._post(order_id, "commit")

    async def release(self, order_id: UUID) -> None:
        """Release the reserved units, and refuse a reservation that arrives later."""
        await self._post(order_id, "release")

    async def restock(self, order_id: UUID) -> None:
        """Return committed units to stock."""
        await self._post(order_id, "restock")

    async def _post(self, order_id: UUID, step: str) -> None:
        await self._client.post(f"/internal/reservations/{order_id}/{step}", type(None), idempotent=True)


class PaymentsClient:
    """Client of the payments service; implements the saga's `Payments` port."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def debit(self, user_id: UUID, order_id: UUID, amount: int) -> bool:
        """Debit `amount` (minor units); return False if the balance is too low."""
        body = {"user_id": user_id, "amount": amount}
        return (await self._client.put(f"/internal/payments/{order_id}", DebitResult, body)).debited

    async def paid(self, user_id: UUID, order_id: UUID) -> bool:
        """Return whether the order was debited and not refunded."""
        path, query = f"/internal/payments/{order_id}", {"user_id": str(user_id)}
        status = await self._client.get(path, PaymentStatus, query)
        return status.debited and not status.refunded

    async def refund(self, user_id: UUID, order_id: UUID) -> None:
        """Refund the order's debit, and decline a debit that arrives later."""
        body = {"user_id": user_id}
        await self._client.post(f"/internal/payments/{order_id}/refund", type(None), body, idempotent=True)


class CartRemovalClient:
    """Client of the cart service; implements the saga's `Cart` port."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def remove(self, user_id: UUID, revisions: Mapping[str, UUID], skus: Collection[str]) -> None:
        """Remove ordered items from the user's cart: those with these revisions, and those with `skus`."""
        body = {"revisions": revisions, "skus": list(skus)}
        await self._client.post(f"/internal/carts/{user_id}/removals", type(None), body, idempotent=True)
