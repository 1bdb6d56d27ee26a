"""What surrounds orders, as far as tests need it."""

from collections.abc import Collection
from uuid import UUID

from ...chassis.connections import Connection
from ...chassis.database import Database
from ...chassis.money import Money
from ..book import OrderBook
from ..domain import Purchase, Request, State
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


class Patience:
    """A placement that leaves orders pending until it is told how they end, as sagas and events do."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._book = OrderBook(database)
        self.last: Purchase | None = None

    async def place(self, purchase: Purchase, request: Request) -> Purchase:
        """Store the order, and do no more."""
        async with self._database.transaction() as transaction:
            await self._book.add(transaction, purchase, request)
        self.last = purchase
        return purchase

    async def cancel(self, purchase: Purchase) -> Purchase:
        """Cancel it at once."""
        return await self.move(purchase, State.CANCELLED) or purchase

    async def move(self, purchase: Purchase, state: State) -> Purchase | None:
        """Bring an order into a state, if that may be."""
        async with self._database.transaction() as transaction:
            return await self._book.move(transaction, purchase, state)

    async def settle(self, state: State) -> None:
        """Bring the last order into a state."""
        assert self.last is not None
        assert await self.move(self.last, state)


async def events(connection: Connection) -> list[str]:
    """The types of the events that wait in the outbox, in order."""
    rows = await connection.execute(outbox.table.select().order_by(outbox.table.c.position))
    return [row.type for row in rows]
