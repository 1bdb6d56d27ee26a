"""Tests of reservations: in order, repeated, out of order and concurrent."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from chassis.db.connections import Connection
from chassis.db.database import Database
from chassis.testing import SERVER

from ..reservations import Reservations
from ..service import StockService

ORDER = UUID(int=1)
Step = Callable[[Connection, UUID], Awaitable[object]]


class Steps:
    """Runs each step in a separate transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reservations = Reservations()
        self._stock_service = StockService(database)

    async def reserve(self, quantities: dict[str, int], order_id: UUID = ORDER) -> bool:
        """Reserve units for the order."""
        async with self._database.transaction() as transaction:
            return await self._reservations.reserve(transaction, order_id, quantities)

    async def run(self, *names: str) -> None:
        """Run the named steps for `ORDER`."""
        for name in names:
            step: Step = getattr(self._reservations, name)
            async with self._database.transaction() as transaction:
                await step(transaction, ORDER)

    async def stock(self, sku: str) -> tuple[int, int]:
        """Return the units on hand and the reserved units."""
        stock = await self._stock_service.read(sku)
        return stock.on_hand, stock.reserved


@pytest.fixture
async def steps(database: Database) -> Steps:
    """Steps on a stock of ten units of A and two of B."""
    await StockService(database).put("A", 10)
    await StockService(database).put("B", 2)
    return Steps(database)


async def test_units_are_reserved_committed_and_restocked(steps: Steps) -> None:
    """An order that is paid and then cancelled takes its units and returns them."""
    assert await steps.reserve({"B": 1, "A": 4})
    assert (await steps.stock("A"), await steps.stock("B")) == ((10, 4), (2, 1))
    await steps.run("commit")
    assert (await steps.stock("A"), await steps.stock("B")) == ((6, 0), (1, 0))
    await steps.run("restock")
    assert (await steps.stock("A"), await steps.stock("B")) == ((10, 0), (2, 0))


@pytest.mark.parametrize("quantities", [{"A": 4, "B": 3}, {"A": 11, "B": 1}, {"A": 1, "C": 1}])
async def test_reservation_is_all_or_nothing(steps: Steps, quantities: dict[str, int]) -> None:
    """If one SKU has too few units, none are reserved, and a repetition is refused even if more arrive."""
    assert not await steps.reserve(quantities)
    assert (await steps.stock("A"), await steps.stock("B")) == ((10, 0), (2, 0))
    await steps._stock_service.put("B", 100)
    assert not await steps.reserve(quantities)
    assert await steps.stock("B") == (100, 0)


async def test_repeated_step_changes_nothing(steps: Steps) -> None:
    """A repeated step returns the same result."""
    assert await steps.reserve({"A": 4})
    assert await steps.reserve({"A": 4})
    assert await steps.stock("A") == (10, 4)
    await steps.run("commit", "commit")
    assert await steps.reserve({"A": 4})
    assert await steps.stock("A") == (6, 0)
    await steps.run("restock", "restock", "commit")
    assert await steps.stock("A") == (10, 0)


async def test_released_units_are_available_to_other_orders(steps: Steps) -> None:
    """Units are released once, and the released order cannot reserve again."""
    await steps.reserve({"A": 10})
    await steps.run("release", "release", "commit", "restock")
    assert await steps.stock("A") == (10, 0)
    assert not await steps.reserve({"A": 1})
    assert await steps.reserve({"A": 10}, uuid4())


async def test_reservation_after_its_release_is_refused(steps: Steps) -> None:
    """Messages can overtake each other, and an abandoned order must not hold units."""
    await steps.run("release")
    assert not await steps.reserve({"A": 1})
    assert await steps.stock("A") == (10, 0)


async def test_committed_units_are_not_released(steps: Steps) -> None:
    """A release that arrives after the commit changes nothing."""
    await steps.reserve({"A": 4})
    await steps.run("commit", "release")
    assert await steps.stock("A") == (6, 0)


@pytest.mark.skipif(SERVER is None, reason="SQLite has one writer at a time; set TEST_DATABASE_URL")
async def test_orders_for_different_products_do_not_wait_for_each_other(
    steps: Steps, database: Database
) -> None:
    """A step changes only the stock that its order reserved: two that wait for each other deadlock."""
    other = uuid4()
    assert await steps.reserve({"B": 1})
    assert await steps.reserve({"A": 1}, other)
    for name in ("commit", "restock"):
        async with database.transaction() as transaction, asyncio.timeout(5):
            await getattr(Reservations(), name)(transaction, other)
            await steps.run(name)


async def test_concurrent_runs_of_a_step_take_effect_once(steps: Steps) -> None:
    """Some of several concurrent deliveries of a message may fail, but the step takes effect once."""
    outcomes = await asyncio.gather(*(steps.reserve({"A": 4}) for _ in range(4)), return_exceptions=True)
    assert True in outcomes
    assert all(outcome is True or isinstance(outcome, DBAPIError) for outcome in outcomes)
    assert await steps.stock("A") == (10, 4)
    await asyncio.gather(*(steps.run("commit") for _ in range(4)))
    assert await steps.stock("A") == (6, 0)
    await asyncio.gather(*(steps.run("restock") for _ in range(4)))
    assert await steps.stock("A") == (10, 0)
