"""The audit of the shop: checks its invariants across all contexts."""

from chassis.db.database import Database

from .contexts import inventory, notifications, orders, payments
from .invariants import Report, check_invariants
from .isolation import one_moment
from .snapshot import AuditSnapshot


class Audit:
    """Audits all contexts in one database snapshot, so it can run while the shop is busy."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def report(self) -> Report:
        """Check all invariants and return the report."""
        async with one_moment(self._database) as connection:
            snapshot = AuditSnapshot(
                inventory=await inventory.take_snapshot(connection),
                ledger=await payments.take_snapshot(connection),
                orders=await orders.take_snapshot(connection),
                notifications=await notifications.take_snapshot(connection),
            )
        return check_invariants(snapshot)
