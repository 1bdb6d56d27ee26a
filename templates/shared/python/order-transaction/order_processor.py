"""Order processor: places and cancels orders across contexts, in one transaction each."""

from chassis.db.conflicts import retry_conflicts
from chassis.db.connections import Connection
from chassis.db.database import Database

from ..cart.service import Carts
from ..inventory.reservations import Reservations
from ..orders.domain import OrderRecord, OrderRequest, OrderState, RejectionReason
from ..orders.repository import OrderRepository
from ..payments.ledger import Ledger


class _Rejected(Exception):
    """The order cannot be confirmed; what its transaction has done is rolled back."""

    def __init__(self, reason: RejectionReason) -> None:
        super().__init__(reason)
        self.reason = reason


class TransactionalOrderProcessor:
    """Places orders that are final when the response is sent."""

    def __init__(
        self,
        database: Database,
        repository: OrderRepository,
        reservations: Reservations,
        ledger: Ledger,
        carts: Carts,
    ) -> None:
        self._database = database
        self._repository = repository
        self._reservations = reservations
        self._ledger = ledger
        self._carts = carts

    @retry_conflicts
    async def place(self, record: OrderRecord, request: OrderRequest) -> OrderRecord:
        """Store the order: confirmed, with stock, payment and cart updated, or rejected."""
        try:
            async with self._database.transaction() as transaction:
                await self._take_and_debit(transaction, record)
                placed = record.with_state(OrderState.CONFIRMED)
                if placed.cart_revisions:
                    await self._carts.remove_revisions(transaction, placed.user_id, placed.cart_revisions)
                await self._repository.add(transaction, placed, request)
        except _Rejected as rejected:
            placed = record.with_state(OrderState.REJECTED, rejected.reason)
            async with self._database.transaction() as transaction:
                await self._repository.add(transaction, placed, request)
        return placed

    async def _take_and_debit(self, transaction: Connection, record: OrderRecord) -> None:
        order = record.order
        quantities = {line.sku: line.quantity for line in order.items}
        if not await self._reservations.take(transaction, order.id, quantities):
            raise _Rejected(RejectionReason.OUT_OF_STOCK)
        if not await self._ledger.debit(transaction, record.user_id, order.id, order.total.amount):
            raise _Rejected(RejectionReason.PAYMENT_DECLINED)

    @retry_conflicts
    async def cancel(self, record: OrderRecord) -> OrderRecord:
        """Cancel a confirmed order; of concurrent cancellations, only one restocks and refunds."""
        async with self._database.transaction() as transaction:
            cancelled = await self._repository.change_state(transaction, record, OrderState.CANCELLED)
            if cancelled is not None:
                # Stock before money, as in place(), so that concurrent transactions do not deadlock.
                await self._reservations.restock(transaction, [record.order.id])
                await self._ledger.refund(transaction, record.user_id, record.order.id)
                return cancelled
        found = await self._repository.find(record.user_id, record.order.id)
        assert found is not None
        return found
