"""Order processor that places and cancels orders by publishing events."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError

from chassis.batching import Batcher
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
        self._placing = Batcher(self._store_all)

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

    async def _store_all(self, placements: Sequence[_Placement]) -> Sequence[IntegrityError | None]:
        """Store the orders in one transaction or, if one of them cannot be stored, each in its own."""
        try:
            await self._store(placements)
        except IntegrityError as error:
            if len(placements) == 1:
                return [error]
            return [(await self._store_all([placement]))[0] for placement in placements]
        return [None] * len(placements)

    @retry_conflicts
    async def _store(self, placements: Sequence[_Placement]) -> None:
        async with self._database.transaction() as transaction:
            await self._repository.add_all(transaction, placements)
