"""The audit: do the services, taken together, keep the shop's invariants?"""

from collections.abc import Collection
from uuid import UUID

from ..audit.invariants import Report, check_invariants
from ..audit.snapshot import (
    AuditSnapshot,
    InventorySnapshot,
    LedgerSnapshot,
    NotificationsSnapshot,
    OrdersSnapshot,
)
from ..chassis.database import Database
from ..notifications import audit_snapshot as notifications
from ..orders import audit_snapshot as orders
from ..sagas.repository import SagaRepository
from ..service_calls.client import CallLimits, ServiceClient

# What a service knows may be long.
AUDIT_LIMITS = CallLimits(call_timeout=60, attempt_timeout=30)
OwnSnapshot = tuple[OrdersSnapshot, NotificationsSnapshot, Collection[UUID]]


class Audit:
    """Asks every service that takes part in orders, one after the other.

    Their answers are of different moments. So orders are read before and after, and what was on its way at
    either moment, or changed in between, is not judged.
    """

    def __init__(
        self, database: Database, sagas: SagaRepository, inventory: ServiceClient, payments: ServiceClient
    ) -> None:
        self._database = database
        self._sagas = sagas
        self._inventory = inventory
        self._payments = payments

    async def report(self) -> Report:
        """Return which invariants hold; raise `Unavailable` when a service does not answer."""
        before, _, in_flight_before = await self._own_snapshot()
        inventory = await self._inventory.get("/internal/facts", InventorySnapshot)
        ledger = await self._payments.get("/internal/facts", LedgerSnapshot)
        after, told, in_flight_after = await self._own_snapshot()
        changed = {each for each, order in after.orders.items() if before.orders.get(each) != order}
        in_flight = frozenset(changed.union(in_flight_before, in_flight_after))
        return check_invariants(AuditSnapshot(inventory, ledger, after, told, in_flight))

    async def _own_snapshot(self) -> OwnSnapshot:
        async with self._database.snapshot() as connection:
            return (
                await orders.take_snapshot(connection),
                await notifications.take_snapshot(connection),
                await self._sagas.open_order_ids(connection),
            )
