"""How orders move from state to state, and what is told of it."""

import asyncio
from itertools import product
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from ...chassis.database import Database
from ...chassis.money import Money
from ..book import OrderBook
from ..domain import Purchase, Reason, Request, State, new_purchase
from .shop import Patience, events

ALICE = UUID(int=1)
WAYS = {
    (State.PENDING, State.CONFIRMED),
    (State.PENDING, State.REJECTED),
    (State.CONFIRMED, State.CANCELLED),
}


@pytest.fixture
def placement(database: Database) -> Patience:
    """Stores and moves orders."""
    return Patience(database)


def purchase() -> Purchase:
    """A pending order."""
    return new_purchase(ALICE, {"A": 2}, {"A": Money(7, "EUR")}, "EUR", from_cart=True)


async def pending(placement: Patience, key: str = "key") -> Purchase:
    """A pending order that is stored."""
    return await placement.place(purchase(), Request(ALICE, key, b"body"))


@pytest.mark.parametrize(
    ("source", "target"), [*product(State, [State.CONFIRMED, State.REJECTED, State.CANCELLED])]
)
async def test_only_three_ways_lead_on(
    placement: Patience, database: Database, source: State, target: State
) -> None:
    """Whatever the caller believes the state to be: the one in the database counts (I7)."""
    stored = order = await pending(placement)
    if source is State.CANCELLED:
        await placement.move(order, State.CONFIRMED)
    if source is not State.PENDING:
        stored = await placement.move(order, source) or order
    assert stored.order.state is source
    moved = await placement.move(order, target)
    assert (moved is not None) == ((source, target) in WAYS)
    found = await OrderBook(database).find(ALICE, order.order.id)
    assert found == (moved or stored)


async def test_order_moves_once(placement: Patience, database: Database) -> None:
    """Of many who confirm or reject it at once, one does, and one event tells of it."""
    order = await pending(placement)
    ends = [State.CONFIRMED, State.REJECTED] * 4
    moved = await asyncio.gather(*(placement.move(order, end) for end in ends))
    assert sum(each is not None for each in moved) == 1
    async with database.reading() as connection:
        told = await events(connection)
    assert told[0] == "OrderPlaced"
    assert len(told) == 2


async def test_reason_is_kept(placement: Patience, database: Database) -> None:
    """With the time of the change."""
    order = await pending(placement)
    book = OrderBook(database)
    async with database.transaction() as transaction:
        rejected = await book.move(transaction, order, State.REJECTED, Reason.TIMEOUT)
    found = await book.find(ALICE, order.order.id)
    assert found == rejected
    assert found is not None
    assert (found.order.reason, found.from_cart) == (Reason.TIMEOUT, True)
    assert found.order.updated_at > found.order.created_at == order.order.created_at


async def test_key_is_for_one_order_of_one_user(placement: Patience, database: Database) -> None:
    """The second order under it is not stored, nor its event; another user's key is another key."""
    await pending(placement)
    with pytest.raises(IntegrityError):
        await pending(placement)
    await placement.place(purchase(), Request(UUID(int=2), "key", b"body"))
    await pending(placement, "KEY")
    async with database.reading() as connection:
        assert await events(connection) == ["OrderPlaced"] * 3
