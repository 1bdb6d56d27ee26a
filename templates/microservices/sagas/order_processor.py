"""Order processor that places and cancels orders with sagas."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError

from chassis.batching import Batcher, all_or_each
from chassis.db.conflicts import retry_conflicts
from chassis.db.database import Database

from ..orders.domain import OrderRecord, OrderRequest
from ..orders.repository import OrderRepository, ReportedOrder, reported
from .domain import Saga, Stage
from .repository import SagaRepository
from .worker import SagaWorker


class _Placement(NamedTuple):
    order: ReportedOrder
    request: OrderRequest
    saga: Saga
    claimed: bool


class SagaOrderProcessor:
    """Starts a saga for every order to place or cancel; callers get the order while its saga still runs."""

    def __init__(
        self, database: Database, orders: OrderRepository, sagas: SagaRepository, worker: SagaWorker
    ) -> None:
        self._database = database
        self._orders = orders
        self._sagas = sagas
        self._worker = worker
        # In one transaction or, if one of the orders cannot be stored, each in its own.
        self._placing = Batcher(partial(all_or_each, self._store, IntegrityError))

    async def place(self, record: OrderRecord, request: OrderRequest) -> OrderRecord:
        """Store the pending order and its saga, both or neither; concurrent orders share a transaction."""
        saga = self._sagas.new(record, Stage.TRYING)
        async with self._worker.capacity_slot() as start:
            await self._placing.call(_Placement(reported(record), request, saga, start is not None))
            if start is not None:
                start(saga, record)
        return record

    async def cancel(self, record: OrderRecord) -> OrderRecord:
        """Store a cancellation saga; the order stays confirmed until units and money are returned."""
        saga = self._sagas.new(record, Stage.CANCELLING)
        async with self._worker.capacity_slot() as start:
            with suppress(IntegrityError):
                # Of two concurrent cancellations, only one inserts the saga.
                await self._store_cancellation(saga, claimed=start is not None)
                if start is not None:
                    start(saga, record)
        return record

    @retry_conflicts
    async def _store_cancellation(self, saga: Saga, *, claimed: bool) -> None:
        async with self._database.transaction() as transaction:
            await self._sagas.add(transaction, [saga], {saga.order_id} if claimed else ())

    @retry_conflicts
    async def _store(self, placements: Sequence[_Placement]) -> None:
        claimed = {each.saga.order_id for each in placements if each.claimed}
        async with self._database.transaction() as transaction:
            await self._orders.add_all(transaction, [(each.order, each.request) for each in placements])
            await self._sagas.add(transaction, [each.saga for each in placements], claimed)
