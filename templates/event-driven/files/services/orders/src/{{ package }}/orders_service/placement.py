"""Placing and cancelling orders by telling others."""

from ..chassis.conflicts import retry_conflicts
from ..chassis.database import Database
from ..orders.book import OrderBook
from ..orders.domain import Purchase, Request, State


class ToldPlacement:
    """An order that is placed here is on its way when the answer goes out: its event sets others going."""

    def __init__(self, database: Database, book: OrderBook) -> None:
        self._database = database
        self._book = book

    @retry_conflicts
    async def place(self, purchase: Purchase, request: Request) -> Purchase:
        """Store the pending order and its event, both or neither."""
        async with self._database.transaction() as transaction:
            await self._book.add(transaction, purchase, request)
        return purchase

    @retry_conflicts
    async def cancel(self, purchase: Purchase) -> Purchase:
        """Cancel the order; its event lets units and money go back."""
        async with self._database.transaction() as transaction:
            cancelled = await self._book.move(transaction, purchase, State.CANCELLED)
        if cancelled is not None:
            return cancelled
        # Somebody else has just cancelled it.
        found = await self._book.find(purchase.user_id, purchase.order.id)
        assert found is not None
        return found
