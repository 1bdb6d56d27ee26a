"""A shop for tests: orders and sagas in a real database, providers in memory."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa

from chassis.db.connections import Connection
from chassis.db.database import Database
from chassis.ids import new_id
from chassis.money import Money

from ...orders.domain import Order, OrderRecord, OrderRequest, OrderState, new_order_record
from ...orders.repository import OrderRepository
from ...orders.tables import order, outbox
from ..definition import SagaDefinition
from ..domain import Timing
from ..order_processor import SagaOrderProcessor
from ..repository import SagaRepository
from ..tables import saga
from ..worker import SagaWorker
from .providers import FakeInventory, FakePayments, Gate, Network, RemoteInventory, RemotePayments

# Runs may outlive their lease here, so that a frozen process that resumes could do harm.
FAST_TIMING = Timing(
    timeout=timedelta(minutes=2),
    lease=timedelta(minutes=1),
    run_timeout=60.0,
    initial_pause=0.01,
    max_pause=0.05,
)
LEASE_SECONDS = FAST_TIMING.lease.total_seconds()
TIMEOUT_SECONDS = FAST_TIMING.timeout.total_seconds()


@dataclass
class World:
    """Providers that all processes share, and what was supplied and paid in."""

    inventory: FakeInventory = field(default_factory=FakeInventory)
    payments: FakePayments = field(default_factory=FakePayments)
    supplied: dict[str, int] = field(default_factory=dict)
    paid_in: dict[UUID, int] = field(default_factory=dict)

    def product(self, units: int = 10) -> str:
        """Create a product with stock; return its SKU."""
        sku = f"SKU-{new_id()}"
        self.supplied[sku] = self.inventory.on_hand[sku] = units
        return sku

    def customer(self, balance: int = 1000) -> UUID:
        """Create a customer with `balance`; return its id."""
        user_id = uuid4()
        self.paid_in[user_id] = self.payments.balance[user_id] = balance
        return user_id


class Process:
    """One process of the orders service."""

    def __init__(
        self, world: World, database: Database, timing: Timing = FAST_TIMING, network: Network | None = None
    ) -> None:
        self.world = world
        self.database = database
        self.network = network or Network()
        self.repository = OrderRepository(database)
        self.sagas = SagaRepository(database, self.repository, timing)
        inventory, payments = (
            RemoteInventory(world.inventory, self.network),
            RemotePayments(world.payments, self.network),
        )
        self.worker = SagaWorker(self.sagas, SagaDefinition(self.sagas, inventory, payments))
        self.processor = SagaOrderProcessor(database, self.repository, self.sagas, self.worker)

    async def place(self, user_id: UUID, items: Mapping[str, int], price: int = 100) -> Order:
        """Place an order at `price` per unit."""
        prices = {sku: Money(price, "EUR") for sku in items}
        record = new_order_record(user_id, items, prices, "EUR")
        return (await self.processor.place(record, OrderRequest(user_id, str(uuid4()), b"-" * 32))).order

    async def cancel(self, user_id: UUID, order_id: UUID) -> Order:
        """Cancel an order."""
        return (await self.processor.cancel(await self.find(user_id, order_id))).order

    async def find(self, user_id: UUID, order_id: UUID) -> OrderRecord:
        """Return the record of an order."""
        found = await self.repository.find(user_id, order_id)
        assert found is not None
        return found

    async def ended(self, user_id: UUID, order_id: UUID) -> Order:
        """Wait until the order's saga has ended; return the order."""
        while order_id in await self.open_order_ids():
            await asyncio.sleep(0.01)
        return (await self.find(user_id, order_id)).order

    async def open_order_ids(self) -> set[UUID]:
        """Return the ids of orders with an open saga."""
        async with self.database.reading() as connection:
            return {row.order_id for row in await connection.execute(sa.select(saga.c.order_id))}

    @asynccontextmanager
    async def running(self, *, claiming: bool = True) -> AsyncIterator[None]:
        """Run the worker; if not `claiming`, it runs only the sagas of orders placed in this process."""
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
        """Make all sagas older by `seconds`."""
        ages = timedelta(seconds=seconds)
        async with self.database.transaction() as transaction:
            for row in (await transaction.execute(sa.select(saga))).all():
                older = {"due_at": row.due_at - ages, "deadline": row.deadline - ages}
                await transaction.execute(
                    sa.update(saga).where(saga.c.order_id == row.order_id).values(older)
                )

    def freeze_in_transaction(self, number: int, moment: str) -> Gate:
        """Freeze the process before or after the commit of its `number`-th transaction from now."""
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
    """Return the inconsistencies between orders, stock, wallets and events, once all sagas have ended."""
    found = []
    sold: dict[str, int] = dict.fromkeys(world.supplied, 0)
    spent: dict[UUID, int] = dict.fromkeys(world.paid_in, 0)
    async with database.reading() as connection:
        rows = (await connection.execute(sa.select(order))).all()
        events = (await connection.execute(sa.select(outbox.table).order_by(outbox.table.c.position))).all()
    for row in rows:
        reservation = world.inventory.reservations.get(row.id)
        paid = [kind for kind, _ in world.payments.entries.get(row.id, [])]
        published = [event.type for event in events if event.key == str(row.id)]
        if (reservation, paid, published) not in _CONSISTENT[row.state]:
            found.append(f"{row.state} {row.reason} order has {reservation}, {paid} and events {published}")
        if row.state == OrderState.CONFIRMED:
            spent[row.user_id] += row.total
            for sku, quantity in world.inventory.quantities[row.id].items():
                sold[sku] += quantity
    for sku, units in world.supplied.items():
        if (world.inventory.on_hand[sku] + sold[sku], world.inventory.reserved[sku]) != (units, 0):
            found.append(f"{units} units: {sold[sku]} sold, {world.inventory.on_hand[sku]} there")
    for user_id, amount in world.paid_in.items():
        if world.payments.balance[user_id] + spent[user_id] != amount:
            found.append(f"{amount} paid in: {spent[user_id]} spent, {world.payments.balance[user_id]} there")
    return found


_PLACED, _CONFIRMED, _REJECTED = "OrderPlaced", "OrderConfirmed", "OrderRejected"
_CONSISTENT: dict[str, list[tuple[str | None, list[str], list[str]]]] = {
    OrderState.PENDING: [],
    OrderState.CONFIRMED: [("COMMITTED", ["debit"], [_PLACED, _CONFIRMED])],
    OrderState.REJECTED: [
        ("REFUSED", [], [_PLACED, _REJECTED]),
        *[
            (held, paid, [_PLACED, _REJECTED])
            for held in ("RELEASED", "REFUSED")
            for paid in (["void"], ["debit", "refund"])
        ],
    ],
    OrderState.CANCELLED: [("RESTOCKED", ["debit", "refund"], [_PLACED, _CONFIRMED, "OrderCancelled"])],
}
