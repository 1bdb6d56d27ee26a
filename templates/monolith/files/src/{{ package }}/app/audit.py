"""The audit: do the contexts, taken together, keep the shop's invariants?"""

from ..audit.facts import Facts
from ..audit.invariants import Report, examine
from ..chassis.database import Database
from ..inventory import facts as inventory
from ..notifications import facts as notifications
from ..orders import facts as orders
from ..payments import facts as payments


class Audit:
    """Looks at all contexts as of one moment, so it can be done while the shop is busy."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def report(self) -> Report:
        """Return which invariants hold."""
        async with self._database.snapshot() as connection:
            facts = Facts(
                inventory=await inventory.gather(connection),
                ledger=await payments.gather(connection),
                orders=await orders.gather(connection),
                notifications=await notifications.gather(connection),
            )
        return examine(facts)
