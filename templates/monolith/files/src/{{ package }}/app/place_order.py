"""Placing and cancelling orders across inventory, payments, cart and orders, in one transaction each."""

from ..cart.service import Carts
from ..chassis.conflicts import retry_conflicts
from ..chassis.connections import Connection
from ..chassis.database import Database
from ..inventory.reservations import Reservations
from ..orders.book import OrderBook
from ..orders.domain import Purchase, Reason, Request, State
from ..payments.ledger import Ledger


class PlaceOrder:
    """An order that is placed here is at its end when the answer goes out."""

    def __init__(
        self, database: Database, book: OrderBook, reservations: Reservations, ledger: Ledger, carts: Carts
    ) -> None:
        self._database = database
        self._book = book
        self._reservations = reservations
        self._ledger = ledger
        self._carts = carts

    @retry_conflicts
    async def place(self, purchase: Purchase, request: Request) -> Purchase:
        """Store the order, confirmed or rejected, with all that follows from it."""
        async with self._database.transaction() as transaction:
            reason = await self._settle(transaction, purchase)
            if reason is None:
                placed = purchase.moved(State.CONFIRMED)
                if placed.from_cart:
                    skus = [line.sku for line in placed.order.items]
                    await self._carts.remove(transaction, placed.user_id, skus)
            else:
                placed = purchase.moved(State.REJECTED, reason)
            await self._book.add(transaction, placed, request)
        return placed

    async def _settle(self, transaction: Connection, purchase: Purchase) -> Reason | None:
        order = purchase.order
        quantities = {line.sku: line.quantity for line in order.items}
        if not await self._reservations.reserve(transaction, order.id, quantities):
            return Reason.OUT_OF_STOCK
        if not await self._ledger.debit(transaction, purchase.user_id, order.id, order.total.amount):
            await self._reservations.release(transaction, order.id)
            return Reason.PAYMENT_DECLINED
        await self._reservations.commit(transaction, order.id)
        return None

    @retry_conflicts
    async def cancel(self, purchase: Purchase) -> Purchase:
        """Cancel a confirmed order; of two who do so at once, one gives everything back."""
        async with self._database.transaction() as transaction:
            cancelled = await self._book.move(transaction, purchase, State.CANCELLED)
            if cancelled is not None:
                # Stock before money, as in placing, so that the two wait for each other in one order only.
                await self._reservations.restock(transaction, purchase.order.id)
                await self._ledger.refund(transaction, purchase.user_id, purchase.order.id)
                return cancelled
        found = await self._book.find(purchase.user_id, purchase.order.id)
        assert found is not None
        return found
