"""Placing and cancelling orders by sagas."""

from contextlib import suppress

from sqlalchemy.exc import IntegrityError

from ..chassis.conflicts import retry_conflicts
from ..chassis.database import Database
from ..orders.book import OrderBook
from ..orders.domain import Purchase, Request
from .domain import Saga, Stage
from .store import Sagas
from .worker import Worker


class SagaPlacement:
    """An order that is placed or cancelled here is on its way when the answer goes out."""

    def __init__(self, database: Database, book: OrderBook, sagas: Sagas, worker: Worker) -> None:
        self._database = database
        self._book = book
        self._sagas = sagas
        self._worker = worker

    async def place(self, purchase: Purchase, request: Request) -> Purchase:
        """Store the pending order and its saga, both or neither."""
        await self._begin(purchase, Stage.TRYING, request)
        return purchase

    async def cancel(self, purchase: Purchase) -> Purchase:
        """Store the saga; the order stays confirmed until units and money are back."""
        with suppress(IntegrityError):
            # Of two who cancel at once, one makes the saga.
            await self._begin(purchase, Stage.CANCELLING)
        return purchase

    async def _begin(self, purchase: Purchase, stage: Stage, request: Request | None = None) -> None:
        async with self._worker.room() as start:
            saga = await self._store(purchase, stage, request, claimed=start is not None)
            if start is not None:
                start(saga, purchase)

    @retry_conflicts
    async def _store(
        self, purchase: Purchase, stage: Stage, request: Request | None, *, claimed: bool
    ) -> Saga:
        async with self._database.transaction() as transaction:
            if request is not None:
                await self._book.add(transaction, purchase, request)
            return await self._sagas.open(transaction, purchase, stage, claimed=claimed)
