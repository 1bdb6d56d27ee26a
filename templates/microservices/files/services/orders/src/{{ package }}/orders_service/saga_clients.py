"""Clients of the services that take part in the order saga."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from chassis.batching import Batcher
from chassis.http.calls.client import ServiceClient


class Reservation(NamedTuple):
    """An order, and the quantities to reserve for it by SKU."""

    order_id: UUID
    quantities: Mapping[str, int]


class ReservationResults(msgspec.Struct, frozen=True):
    """Response to reservations: an order is not in `reserved` if there are too few units."""

    reserved: set[UUID]


class Debit(msgspec.Struct, frozen=True):
    """The amount to debit for an order, in minor units."""

    user_id: UUID
    order_id: UUID
    amount: int


class DebitResults(msgspec.Struct, frozen=True):
    """Response to debits: an order is not in `debited` if the balance is too low."""

    debited: set[UUID]


class PaymentStatus(msgspec.Struct, frozen=True):
    """Whether an order was debited, and whether the money was refunded."""

    debited: bool
    refunded: bool


class InventoryClient:
    """Client of the inventory service; implements the saga's `Inventory` port.

    Concurrent sagas share the calls of the steps that every order takes.
    """

    def __init__(self, client: ServiceClient) -> None:
        self._client = client
        self._reserving = Batcher(self._reserve_all)
        self._committing = Batcher(self._commit_all)

    async def reserve(self, order_id: UUID, quantities: Mapping[str, int]) -> bool:
        """Reserve the units of each SKU, all or none; return False if there are too few."""
        return await self._reserving.call(Reservation(order_id, quantities))

    async def commit(self, order_id: UUID) -> None:
        """Remove the reserved units from stock."""
        await self._committing.call(order_id)

    async def release(self, order_id: UUID) -> None:
        """Release the reserved units, and refuse a reservation that arrives later."""
        await self._post(order_id, "release")

    async def restock(self, order_id: UUID) -> None:
        """Return committed units to stock."""
        await self._post(order_id, "restock")

    async def _reserve_all(self, reservations: Sequence[Reservation]) -> list[bool]:
        body = {"orders": dict(reservations)}
        reserved = (await self._client.put("/internal/reservations", ReservationResults, body)).reserved
        return [each.order_id in reserved for each in reservations]

    async def _commit_all(self, order_ids: Sequence[UUID]) -> Sequence[UUID]:
        body = {"order_ids": order_ids}
        await self._client.post("/internal/reservations/commit", type(None), body, idempotent=True)
        return order_ids

    async def _post(self, order_id: UUID, step: str) -> None:
        await self._client.post(f"/internal/reservations/{order_id}/{step}", type(None), idempotent=True)


class PaymentsClient:
    """Client of the payments service; implements the saga's `Payments` port.

    Concurrent sagas share the calls that debit.
    """

    def __init__(self, client: ServiceClient) -> None:
        self._client = client
        self._debiting = Batcher(self._debit_all)

    async def debit(self, user_id: UUID, order_id: UUID, amount: int) -> bool:
        """Debit `amount` (minor units); return False if the balance is too low."""
        return await self._debiting.call(Debit(user_id, order_id, amount))

    async def paid(self, user_id: UUID, order_id: UUID) -> bool:
        """Return whether the order was debited and not refunded."""
        path, query = f"/internal/payments/{order_id}", {"user_id": str(user_id)}
        status = await self._client.get(path, PaymentStatus, query)
        return status.debited and not status.refunded

    async def refund(self, user_id: UUID, order_id: UUID) -> None:
        """Refund the order's debit, and decline a debit that arrives later."""
        body = {"user_id": user_id}
        await self._client.post(f"/internal/payments/{order_id}/refund", type(None), body, idempotent=True)

    async def _debit_all(self, debits: Sequence[Debit]) -> list[bool]:
        debited = (await self._client.put("/internal/payments", DebitResults, {"debits": debits})).debited
        return [each.order_id in debited for each in debits]


class CartRemovalClient:
    """Client of the cart service; implements the saga's `Cart` port."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def remove(self, user_id: UUID, revisions: Mapping[str, UUID], skus: Collection[str]) -> None:
        """Remove ordered items from the user's cart: those with these revisions, and those with `skus`."""
        body = {"revisions": revisions, "skus": list(skus)}
        await self._client.post(f"/internal/carts/{user_id}/removals", type(None), body, idempotent=True)
