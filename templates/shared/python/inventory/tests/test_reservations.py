"""The steps of an order through inventory: in order, repeated, out of order, and at once."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from ...chassis.connections import Connection
from ...chassis.database import Database
from ..reservations import Reservations
from ..service import StockService

ORDER = UUID(int=1)
Step = Callable[[Connection, UUID], Awaitable[object]]


class Steps:
    """Takes each step in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reservations = Reservations()
        self._shelf = StockService(database)

    async def reserve(self, quantities: dict[str, int], order_id: UUID = ORDER) -> bool:
        """Reserve for the order."""
        async with self._database.transaction() as transaction:
            return await self._reservations.reserve(transaction, order_id, quantities)

    async def take(self, *names: str) -> None:
        """Take the named steps for `ORDER`."""
        for name in names:
            step: Step = getattr(self._reservations, name)
            async with self._database.transaction() as transaction:
                await step(transaction, ORDER)

    async def stock(self, sku: str) -> tuple[int, int]:
        """(on hand, reserved)."""
        stock = await self._shelf.read(sku)
        return stock.on_hand, stock.reserved


@pytest.fixture
async def steps(database: Database) -> Steps:
    """Ten of A and two of B."""
    await StockService(database).put("A", 10)
    await StockService(database).put("B", 2)
    return Steps(database)


async def test_units_are_promised_shipped_and_brought_back(steps: Steps) -> None:
    """The way of an order that is paid and then cancelled."""
    assert await steps.reserve({"B": 1, "A": 4})
    assert (await steps.stock("A"), await steps.stock("B")) == ((10, 4), (2, 1))
    await steps.take("commit")
    assert (await steps.stock("A"), await steps.stock("B")) == ((6, 0), (1, 0))
    await steps.take("restock")
    assert (await steps.stock("A"), await steps.stock("B")) == ((10, 0), (2, 0))


@pytest.mark.parametrize("quantities", [{"A": 4, "B": 3}, {"A": 11, "B": 1}, {"A": 1, "C": 1}])
async def test_too_few_of_one_promises_none_of_any(steps: Steps, quantities: dict[str, int]) -> None:
    """Also when there never was any; and the answer stays when units come later."""
    assert not await steps.reserve(quantities)
    assert (await steps.stock("A"), await steps.stock("B")) == ((10, 0), (2, 0))
    await steps._shelf.put("B", 100)
    assert not await steps.reserve(quantities)
    assert await steps.stock("B") == (100, 0)


async def test_repeated_step_changes_nothing(steps: Steps) -> None:
    """And answers the same."""
    assert await steps.reserve({"A": 4})
    assert await steps.reserve({"A": 4})
    assert await steps.stock("A") == (10, 4)
    await steps.take("commit", "commit")
    assert await steps.reserve({"A": 4})
    assert await steps.stock("A") == (6, 0)
    await steps.take("restock", "restock", "commit")
    assert await steps.stock("A") == (10, 0)


async def test_released_units_are_free(steps: Steps) -> None:
    """Once, and for others only."""
    await steps.reserve({"A": 10})
    await steps.take("release", "release", "commit", "restock")
    assert await steps.stock("A") == (10, 0)
    assert not await steps.reserve({"A": 1})
    assert await steps.reserve({"A": 10}, uuid4())


async def test_reservation_that_comes_after_its_release_gets_nothing(steps: Steps) -> None:
    """Messages overtake one another; no unit may stay promised to an order that was given up."""
    await steps.take("release")
    assert not await steps.reserve({"A": 1})
    assert await steps.stock("A") == (10, 0)


async def test_shipped_units_are_not_released(steps: Steps) -> None:
    """A release that comes too late is no restocking."""
    await steps.reserve({"A": 4})
    await steps.take("commit", "release")
    assert await steps.stock("A") == (6, 0)


async def test_step_that_runs_twice_at_once_runs_once(steps: Steps) -> None:
    """Two deliveries of one message: one of them may fail, but never does anything a second time."""
    outcomes = await asyncio.gather(*(steps.reserve({"A": 4}) for _ in range(4)), return_exceptions=True)
    assert True in outcomes
    assert all(outcome is True or isinstance(outcome, DBAPIError) for outcome in outcomes)
    assert await steps.stock("A") == (10, 4)
    await asyncio.gather(*(steps.take("commit") for _ in range(4)))
    assert await steps.stock("A") == (6, 0)
    await asyncio.gather(*(steps.take("restock") for _ in range(4)))
    assert await steps.stock("A") == (10, 0)
