"""Audit of the shop's invariants across services."""

from collections.abc import Collection
from uuid import UUID

from chassis.db.database import Database
from chassis.http.calls.client import CallLimits, ServiceClient

from ..audit.invariants import Report, check_invariants
from ..audit.snapshot import (
    AuditSnapshot,
    InventorySnapshot,
    LedgerSnapshot,
    NotificationsSnapshot,
    OrdersSnapshot,
)
from ..notifications import audit_snapshot as notifications
from ..orders import audit_snapshot as orders
from ..sagas.repository import SagaRepository

# Snapshots grow with the number of orders and can take long to send.
AUDIT_LIMITS = CallLimits(call_timeout=60, attempt_timeout=30)
OwnSnapshot = tuple[OrdersSnapshot, NotificationsSnapshot, Collection[UUID]]


class Audit:
    """Compares snapshots of the services that take part in orders, fetched one after the other.

    The snapshots are taken at different moments. Orders are therefore read before and after the others, and
    orders that were in flight at either moment, or changed in between, are not judged.
    """

    def __init__(
        self, database: Database, sagas: SagaRepository, inventory: ServiceClient, payments: ServiceClient
    ) -> None:
        self._database = database
        self._sagas = sagas
        self._inventory = inventory
        self._payments = payments

    async def report(self) -> Report:
        """Return which invariants hold; raise `Unavailable` if a service does not answer."""
        before, _, in_flight_before = await self._own_snapshot()
        inventory = await self._inventory.get("/internal/facts", InventorySnapshot)
        ledger = await self._payments.get("/internal/facts", LedgerSnapshot)
        after, notified, in_flight_after = await self._own_snapshot()
        changed = {each for each, order in after.orders.items() if before.orders.get(each) != order}
        in_flight = frozenset(changed.union(in_flight_before, in_flight_after))
        return check_invariants(AuditSnapshot(inventory, ledger, after, notified, in_flight))

    async def _own_snapshot(self) -> OwnSnapshot:
        async with self._database.snapshot() as connection:
            return (
                await orders.take_snapshot(connection),
                await notifications.take_snapshot(connection),
                await self._sagas.open_order_ids(connection),
            )
