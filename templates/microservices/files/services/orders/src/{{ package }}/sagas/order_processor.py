"""Order processor that places and cancels orders with sagas."""

from contextlib import suppress

from sqlalchemy.exc import IntegrityError

from chassis.db.conflicts import retry_conflicts
from chassis.db.database import Database

from ..orders.domain import OrderRecord, OrderRequest
from ..orders.repository import OrderRepository
from .domain import Saga, Stage
from .repository import SagaRepository
from .worker import SagaWorker


class SagaOrderProcessor:
    """Starts a saga for every order to place or cancel; callers get the order while its saga still runs."""

    def __init__(
        self, database: Database, orders: OrderRepository, sagas: SagaRepository, worker: SagaWorker
    ) -> None:
        self._database = database
        self._orders = orders
        self._sagas = sagas
        self._worker = worker

    async def place(self, record: OrderRecord, request: OrderRequest) -> OrderRecord:
        """Store the pending order and its saga, both or neither."""
        await self._begin(record, Stage.TRYING, request)
        return record

    async def cancel(self, record: OrderRecord) -> OrderRecord:
        """Store a cancellation saga; the order stays confirmed until units and money are returned."""
        with suppress(IntegrityError):
            # Of two concurrent cancellations, only one inserts the saga.
            await self._begin(record, Stage.CANCELLING)
        return record

    async def _begin(self, record: OrderRecord, stage: Stage, request: OrderRequest | None = None) -> None:
        async with self._worker.capacity_slot() as start:
            saga = await self._store(record, stage, request, claimed=start is not None)
            if start is not None:
                start(saga, record)

    @retry_conflicts
    async def _store(
        self, record: OrderRecord, stage: Stage, request: OrderRequest | None, *, claimed: bool
    ) -> Saga:
        async with self._database.transaction() as transaction:
            if request is not None:
                await self._orders.add(transaction, record, request)
            return await self._sagas.open(transaction, record, stage, claimed=claimed)
