"""What surrounds orders, as far as tests need it."""

from collections.abc import Collection
from uuid import UUID

from ...chassis.connections import Connection
from ...chassis.database import Database
from ...chassis.money import Money
from ..domain import OrderRecord, OrderRequest, OrderState
from ..repository import OrderRepository
from ..tables import outbox


class Catalog:
    """Every product exists and costs 100, but for `NONE`."""

    async def prices(self, skus: Collection[str]) -> dict[str, Money]:
        """Return the prices."""
        return {sku: Money(100, "EUR") for sku in skus if sku != "NONE"}


class Cart(dict[UUID, dict[str, int]]):
    """Quantities by user."""

    async def quantities(self, user_id: UUID) -> dict[str, int]:
        """Return what is in the cart."""
        return self.get(user_id, {})


class Limit:
    """Counts who passed."""

    def __init__(self) -> None:
        self.subjects: list[str] = []

    async def hit(self, subject: str) -> None:
        """Let everybody pass."""
        self.subjects.append(subject)


class ManualOrderProcessor:
    """A placement that leaves orders pending until it is told how they end, as sagas and events do."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._repository = OrderRepository(database)
        self.last: OrderRecord | None = None

    async def place(self, record: OrderRecord, request: OrderRequest) -> OrderRecord:
        """Store the order, and do no more."""
        async with self._database.transaction() as transaction:
            await self._repository.add(transaction, record, request)
        self.last = record
        return record

    async def cancel(self, record: OrderRecord) -> OrderRecord:
        """Cancel it at once."""
        return await self.change_state(record, OrderState.CANCELLED) or record

    async def change_state(self, record: OrderRecord, state: OrderState) -> OrderRecord | None:
        """Bring an order into a state, if that may be."""
        async with self._database.transaction() as transaction:
            return await self._repository.change_state(transaction, record, state)

    async def finish(self, state: OrderState) -> None:
        """Bring the last order into a state."""
        assert self.last is not None
        assert await self.change_state(self.last, state)


async def events(connection: Connection) -> list[str]:
    """The types of the events that wait in the outbox, in order."""
    rows = await connection.execute(outbox.table.select().order_by(outbox.table.c.position))
    return [row.type for row in rows]
