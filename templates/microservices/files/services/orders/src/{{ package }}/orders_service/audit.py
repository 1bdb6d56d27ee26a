"""The audit: do the services, taken together, keep the shop's invariants?"""

from collections.abc import Collection
from uuid import UUID

from ..audit.facts import Facts, InventoryFacts, LedgerFacts, NotificationFacts, OrdersFacts
from ..audit.invariants import Report, examine
from ..chassis.database import Database
from ..notifications import facts as notifications
from ..orders import facts as orders
from ..peers.client import Limits, Peer
from ..sagas.store import Sagas

# What a service knows may be long.
PATIENT = Limits(call=60, attempt=30)
Ours = tuple[OrdersFacts, NotificationFacts, Collection[UUID]]


class Audit:
    """Asks every service that takes part in orders, one after the other.

    Their answers are of different moments. So orders are read before and after, and what was on its way at
    either moment, or changed in between, is not judged.
    """

    def __init__(self, database: Database, sagas: Sagas, inventory: Peer, payments: Peer) -> None:
        self._database = database
        self._sagas = sagas
        self._inventory = inventory
        self._payments = payments

    async def report(self) -> Report:
        """Return which invariants hold; raise `Unavailable` when a service does not answer."""
        before, _, moving_before = await self._ours()
        inventory = await self._inventory.get("/internal/facts", InventoryFacts)
        ledger = await self._payments.get("/internal/facts", LedgerFacts)
        after, told, moving_after = await self._ours()
        changed = {each for each, order in after.orders.items() if before.orders.get(each) != order}
        moving = frozenset(changed.union(moving_before, moving_after))
        return examine(Facts(inventory, ledger, after, told, moving))

    async def _ours(self) -> Ours:
        async with self._database.snapshot() as connection:
            return (
                await orders.gather(connection),
                await notifications.gather(connection),
                await self._sagas.moving(connection),
            )
