"""Order processor that places and cancels orders by publishing events."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy.exc import IntegrityError

from chassis.batching import Batcher, all_or_each
from chassis.db.conflicts import retry_conflicts
from chassis.db.database import Database

from ..orders.domain import OrderRecord, OrderRequest, OrderState
from ..orders.repository import OrderRepository, ReportedOrder, reported

_Placement = tuple[ReportedOrder, OrderRequest]


class EventOrderProcessor:
    """Stores an order's new state with its event; callers get the order before other services react."""

    def __init__(self, database: Database, repository: OrderRepository) -> None:
        self._database = database
        self._repository = repository
        # In one transaction or, if one of the orders cannot be stored, each in its own.
        self._placing = Batcher(partial(all_or_each, self._store, IntegrityError))

    async def place(self, record: OrderRecord, request: OrderRequest) -> OrderRecord:
        """Store the pending order and its event, both or neither; concurrent orders share a transaction."""
        await self._placing.call((reported(record), request))
        return record

    @retry_conflicts
    async def cancel(self, record: OrderRecord) -> OrderRecord:
        """Cancel the order; its event makes inventory and payments return units and money."""
        async with self._database.transaction() as transaction:
            cancelled = await self._repository.change_state(transaction, record, OrderState.CANCELLED)
        if cancelled is not None:
            return cancelled
        # A concurrent request cancelled it first.
        found = await self._repository.find(record.user_id, record.order.id)
        assert found is not None
        return found

    @retry_conflicts
    async def _store(self, placements: Sequence[_Placement]) -> None:
        async with self._database.transaction() as transaction:
            await self._repository.add_all(transaction, placements)
