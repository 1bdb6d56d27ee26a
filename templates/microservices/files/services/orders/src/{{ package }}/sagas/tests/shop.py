"""A shop for tests: orders with their sagas in a real database, the providers in memory."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa

from ...chassis.connections import Connection
from ...chassis.database import Database
from ...chassis.ids import new_id
from ...chassis.money import Money
from ...orders.book import OrderBook
from ...orders.domain import Order, Purchase, Request, State, new_purchase
from ...orders.tables import order, outbox
from ..domain import Timing
from ..placement import SagaPlacement
from ..store import Sagas
from ..story import Story
from ..tables import saga
from ..worker import Worker
from .providers import Gate, Network, Purse, RemoteMoney, RemoteStock, Shelf

# A run may outlive its lease here, so that a process that was frozen and comes back does harm if it can.
QUICK = Timing(
    patience=timedelta(minutes=2),
    lease=timedelta(minutes=1),
    run=60.0,
    first_pause=0.01,
    longest_pause=0.05,
)
LEASE_SECONDS = QUICK.lease.total_seconds()
PATIENCE_SECONDS = QUICK.patience.total_seconds()


@dataclass
class World:
    """What all processes share."""

    shelf: Shelf = field(default_factory=Shelf)
    purse: Purse = field(default_factory=Purse)
    supplied: dict[str, int] = field(default_factory=dict)
    paid_in: dict[UUID, int] = field(default_factory=dict)

    def product(self, units: int = 10) -> str:
        """Make a product with stock and return its SKU."""
        sku = f"SKU-{new_id()}"
        self.supplied[sku] = self.shelf.on_hand[sku] = units
        return sku

    def customer(self, balance: int = 1000) -> UUID:
        """Return the id of a new user who has `balance`."""
        user_id = uuid4()
        self.paid_in[user_id] = self.purse.balance[user_id] = balance
        return user_id


class Process:
    """One process of the service of orders."""

    def __init__(
        self, world: World, database: Database, timing: Timing = QUICK, network: Network | None = None
    ) -> None:
        self.world = world
        self.database = database
        self.network = network or Network()
        self.book = OrderBook(database)
        self.sagas = Sagas(database, self.book, timing)
        stock, money = RemoteStock(world.shelf, self.network), RemoteMoney(world.purse, self.network)
        self.worker = Worker(self.sagas, Story(self.sagas, stock, money))
        self.placement = SagaPlacement(database, self.book, self.sagas, self.worker)

    async def place(self, user_id: UUID, items: Mapping[str, int], price: int = 100) -> Order:
        """Place an order at `price` for each unit."""
        prices = {sku: Money(price, "EUR") for sku in items}
        purchase = new_purchase(user_id, items, prices, "EUR", from_cart=False)
        return (await self.placement.place(purchase, Request(user_id, str(uuid4()), b"-" * 32))).order

    async def cancel(self, user_id: UUID, order_id: UUID) -> Order:
        """Cancel an order."""
        return (await self.placement.cancel(await self.find(user_id, order_id))).order

    async def find(self, user_id: UUID, order_id: UUID) -> Purchase:
        """Return the order."""
        found = await self.book.find(user_id, order_id)
        assert found is not None
        return found

    async def ended(self, user_id: UUID, order_id: UUID) -> Order:
        """Wait for the end of the order's saga and return the order."""
        while order_id in await self.moving():
            await asyncio.sleep(0.01)
        return (await self.find(user_id, order_id)).order

    async def moving(self) -> set[UUID]:
        """The orders that are on their way."""
        async with self.database.reading() as connection:
            return set(await self.sagas.moving(connection))

    @asynccontextmanager
    async def running(self, *, claiming: bool = True) -> AsyncIterator[None]:
        """Run the worker; one that is not `claiming` runs the sagas of its own orders only."""
        if not claiming:
            self.worker.resume_due = _nothing_due  # type: ignore[method-assign]
        task = asyncio.create_task(self.worker.run())
        await asyncio.sleep(0)
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def let_time_pass(self, seconds: float) -> None:
        """Make all sagas that much older."""
        ages = timedelta(seconds=seconds)
        async with self.database.transaction() as transaction:
            for row in (await transaction.execute(sa.select(saga))).all():
                older = {"due_at": row.due_at - ages, "deadline": row.deadline - ages}
                await transaction.execute(
                    sa.update(saga).where(saga.c.order_id == row.order_id).values(older)
                )

    def freeze_in_transaction(self, number: int, moment: str) -> Gate:
        """Stop for ever before or after the commit of the transaction of that number from now on."""
        gate, transaction, count = Gate(), self.database.transaction, 0

        @asynccontextmanager
        async def frozen() -> AsyncIterator[Connection]:
            nonlocal count
            count += 1
            here = count == number
            if here and moment == "before":
                await gate.pass_through()
            async with transaction() as connection:
                yield connection
            if here and moment == "after":
                await gate.pass_through()

        self.database.transaction = frozen  # type: ignore[method-assign]
        return gate


async def _nothing_due() -> int:
    return 0


async def violations(world: World, database: Database) -> list[str]:
    """What does not fit together in a shop at rest."""
    found = []
    sold: dict[str, int] = dict.fromkeys(world.supplied, 0)
    spent: dict[UUID, int] = dict.fromkeys(world.paid_in, 0)
    async with database.reading() as connection:
        rows = (await connection.execute(sa.select(order))).all()
        events = (await connection.execute(sa.select(outbox.table).order_by(outbox.table.c.position))).all()
    for row in rows:
        held = world.shelf.reservations.get(row.id)
        paid = [kind for kind, _ in world.purse.entries.get(row.id, [])]
        told = [event.type for event in events if event.key == str(row.id)]
        if (held, paid, told) not in _FITTING[row.state]:
            found.append(f"{row.state} {row.reason} order has {held}, {paid} and was told as {told}")
        if row.state == State.CONFIRMED:
            spent[row.user_id] += row.total
            for sku, quantity in world.shelf.quantities[row.id].items():
                sold[sku] += quantity
    for sku, units in world.supplied.items():
        if (world.shelf.on_hand[sku] + sold[sku], world.shelf.reserved[sku]) != (units, 0):
            found.append(f"{units} units: {sold[sku]} sold, {world.shelf.on_hand[sku]} there")
    for user_id, amount in world.paid_in.items():
        if world.purse.balance[user_id] + spent[user_id] != amount:
            found.append(f"{amount} paid in: {spent[user_id]} spent, {world.purse.balance[user_id]} there")
    return found


_PLACED, _CONFIRMED, _REJECTED = "OrderPlaced", "OrderConfirmed", "OrderRejected"
_FITTING: dict[str, list[tuple[str | None, list[str], list[str]]]] = {
    State.PENDING: [],
    State.CONFIRMED: [("COMMITTED", ["debit"], [_PLACED, _CONFIRMED])],
    State.REJECTED: [
        ("REFUSED", [], [_PLACED, _REJECTED]),
        *[
            (held, paid, [_PLACED, _REJECTED])
            for held in ("RELEASED", "REFUSED")
            for paid in (["void"], ["debit", "refund"])
        ],
    ],
    State.CANCELLED: [("RESTOCKED", ["debit", "refund"], [_PLACED, _CONFIRMED, "OrderCancelled"])],
}
