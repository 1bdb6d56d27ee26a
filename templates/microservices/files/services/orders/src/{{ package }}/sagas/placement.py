"""Placing and cancelling orders by sagas."""

from contextlib import suppress
from functools import partial

from sqlalchemy.exc import IntegrityError

from ..chassis.conflicts import retry_conflicts
from ..chassis.connections import Connection
from ..chassis.database import Database, after_commit
from ..orders.book import OrderBook
from ..orders.domain import Purchase, Request
from .domain import Stage
from .store import Sagas
from .worker import Worker


class SagaPlacement:
    """An order that is placed or cancelled here is on its way when the answer goes out."""

    def __init__(self, database: Database, book: OrderBook, sagas: Sagas, worker: Worker) -> None:
        self._database = database
        self._book = book
        self._sagas = sagas
        self._worker = worker

    @retry_conflicts
    async def place(self, purchase: Purchase, request: Request) -> Purchase:
        """Store the pending order and its saga, both or neither."""
        async with self._database.transaction() as transaction:
            await self._book.add(transaction, purchase, request)
            await self._open(transaction, purchase, Stage.TRYING)
        return purchase

    async def cancel(self, purchase: Purchase) -> Purchase:
        """Store the saga; the order stays confirmed until units and money are back."""
        with suppress(IntegrityError):
            # Of two who cancel at once, one makes the saga.
            await self._store_cancellation(purchase)
        return purchase

    @retry_conflicts
    async def _store_cancellation(self, purchase: Purchase) -> None:
        async with self._database.transaction() as transaction:
            await self._open(transaction, purchase, Stage.CANCELLING)

    async def _open(self, transaction: Connection, purchase: Purchase, stage: Stage) -> None:
        claimed = self._worker.has_room()
        saga = await self._sagas.open(transaction, purchase, stage, claimed=claimed)
        then = partial(self._worker.start, saga, purchase) if claimed else self._worker.wake
        after_commit(transaction, [then])
