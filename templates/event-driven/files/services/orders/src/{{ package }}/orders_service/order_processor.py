"""Order processor that places and cancels orders by publishing events."""

from chassis.db.conflicts import retry_conflicts
from chassis.db.database import Database

from ..orders.domain import OrderRecord, OrderRequest, OrderState
from ..orders.repository import OrderRepository


class EventOrderProcessor:
    """Stores an order's new state with its event; callers get the order before other services react."""

    def __init__(self, database: Database, repository: OrderRepository) -> None:
        self._database = database
        self._repository = repository

    @retry_conflicts
    async def place(self, record: OrderRecord, request: OrderRequest) -> OrderRecord:
        """Store the pending order and its event, both or neither."""
        async with self._database.transaction() as transaction:
            await self._repository.add(transaction, record, request)
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
