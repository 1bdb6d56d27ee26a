"""Order timeout: rejects orders that other services did not process in time."""

import asyncio
import logging
from datetime import timedelta

import sqlalchemy as sa

from chassis.clock import now
from chassis.db.conflicts import retry_conflicts
from chassis.db.database import Database

from ..orders.domain import OrderRecord, OrderState, RejectionReason
from ..orders.repository import OrderRepository
from ..orders.tables import order

log = logging.getLogger(__name__)
PAUSE_SECONDS = 1.0
BATCH = 100
_OVERDUE = (
    sa.select(order.c.id, order.c.user_id)
    .where(order.c.state == OrderState.PENDING, order.c.created_at < sa.bindparam("before"))
    .order_by(order.c.created_at)
    .limit(BATCH)
)


class Sweeper:
    """Rejects orders that are pending for longer than `timeout`; several sweepers may run concurrently.

    A result may arrive at the same moment. Only one of the two changes the order's state; if it is the
    rejection, its event makes inventory and payments return units and money.
    """

    def __init__(self, database: Database, repository: OrderRepository, timeout: timedelta) -> None:
        self._database = database
        self._repository = repository
        self._timeout = timeout

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            try:
                while await self.sweep() == BATCH:
                    pass
            except Exception:
                log.exception("Overdue orders could not be rejected; retrying")
            await asyncio.sleep(PAUSE_SECONDS)

    async def sweep(self) -> int:
        """Reject one batch of overdue orders; return how many there were."""
        before = now() - self._timeout
        async with self._database.reading() as connection:
            overdue = (await connection.execute(_OVERDUE, {"before": before})).all()
        for row in overdue:
            record = await self._repository.find(row.user_id, row.id)
            if record is not None:
                await self._reject(record)
        return len(overdue)

    @retry_conflicts
    async def _reject(self, record: OrderRecord) -> None:
        async with self._database.transaction() as transaction:
            await self._repository.change_state(
                transaction, record, OrderState.REJECTED, RejectionReason.TIMEOUT
            )
