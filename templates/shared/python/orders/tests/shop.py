"""Test doubles for what surrounds the orders context."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from chassis.db.connections import Connection
from chassis.db.database import Database
from chassis.money import Money

from ..domain import OrderRecord, OrderRequest, OrderState
from ..repository import OrderRepository
from ..tables import outbox


class Catalog:
    """A catalog in which every product costs 100, except `NONE`, which does not exist."""

    async def prices(self, skus: Collection[str]) -> dict[str, Money]:
        """Return the prices of products that exist."""
        return {sku: Money(100, "EUR") for sku in skus if sku != "NONE"}


@dataclass(frozen=True)
class CartItem:
    """An item of a cart, in a new revision."""

    quantity: int
    revision: UUID = field(default_factory=uuid4)


class Cart(dict[UUID, dict[str, CartItem]]):
    """Carts: items by user."""

    async def items(self, user_id: UUID) -> dict[str, CartItem]:  # type: ignore[override]
        """Return the user's cart."""
        return self.get(user_id, {})


class Limit:
    """A rate limit that records its subjects."""

    def __init__(self) -> None:
        self.subjects: list[str] = []

    async def hit(self, subject: str) -> None:
        """Admit everybody."""
        self.subjects.append(subject)


class ManualOrderProcessor:
    """An order processor that leaves orders pending until a test finishes them, as sagas and events do."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._repository = OrderRepository(database)
        self.last: OrderRecord | None = None

    async def place(self, record: OrderRecord, request: OrderRequest) -> OrderRecord:
        """Store the pending order."""
        async with self._database.transaction() as transaction:
            await self._repository.add(transaction, record, request)
        self.last = record
        return record

    async def cancel(self, record: OrderRecord) -> OrderRecord:
        """Cancel the order at once."""
        return await self.change_state(record, OrderState.CANCELLED) or record

    async def change_state(self, record: OrderRecord, state: OrderState) -> OrderRecord | None:
        """Change an order's state, if the transition is allowed."""
        async with self._database.transaction() as transaction:
            return await self._repository.change_state(transaction, record, state)

    async def finish(self, state: OrderState) -> None:
        """Change the last order's state."""
        assert self.last is not None
        assert await self.change_state(self.last, state)


async def events(connection: Connection) -> list[str]:
    """Return the types of the events in the outbox, in order."""
    rows = await connection.execute(outbox.table.select().order_by(outbox.table.c.position))
    return [row.type for row in rows]
