"""How orders move from state to state, and what is told of it."""

import asyncio
from itertools import product
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from ...chassis.database import Database
from ...chassis.money import Money
from ..domain import OrderRecord, OrderRequest, OrderState, RejectionReason, new_order_record
from ..repository import OrderRepository
from .shop import ManualOrderProcessor, events

ALICE = UUID(int=1)
WAYS = {
    (OrderState.PENDING, OrderState.CONFIRMED),
    (OrderState.PENDING, OrderState.REJECTED),
    (OrderState.CONFIRMED, OrderState.CANCELLED),
}


@pytest.fixture
def processor(database: Database) -> ManualOrderProcessor:
    """Stores and moves orders."""
    return ManualOrderProcessor(database)


def record() -> OrderRecord:
    """A pending order."""
    return new_order_record(ALICE, {"A": 2}, {"A": Money(7, "EUR")}, "EUR", from_cart=True)


async def pending(processor: ManualOrderProcessor, key: str = "key") -> OrderRecord:
    """A pending order that is stored."""
    return await processor.place(record(), OrderRequest(ALICE, key, b"body"))


@pytest.mark.parametrize(
    ("source", "target"),
    [*product(OrderState, [OrderState.CONFIRMED, OrderState.REJECTED, OrderState.CANCELLED])],
)
async def test_only_three_ways_lead_on(
    processor: ManualOrderProcessor, database: Database, source: OrderState, target: OrderState
) -> None:
    """Whatever the caller believes the state to be: the one in the database counts (I7)."""
    stored = order = await pending(processor)
    if source is OrderState.CANCELLED:
        await processor.change_state(order, OrderState.CONFIRMED)
    if source is not OrderState.PENDING:
        stored = await processor.change_state(order, source) or order
    assert stored.order.state is source
    moved = await processor.change_state(order, target)
    assert (moved is not None) == ((source, target) in WAYS)
    found = await OrderRepository(database).find(ALICE, order.order.id)
    assert found == (moved or stored)


async def test_order_moves_once(processor: ManualOrderProcessor, database: Database) -> None:
    """Of many who confirm or reject it at once, one does, and one event tells of it."""
    order = await pending(processor)
    ends = [OrderState.CONFIRMED, OrderState.REJECTED] * 4
    moved = await asyncio.gather(*(processor.change_state(order, end) for end in ends))
    assert sum(each is not None for each in moved) == 1
    async with database.reading() as connection:
        told = await events(connection)
    assert told[0] == "OrderPlaced"
    assert len(told) == 2


async def test_reason_is_kept(processor: ManualOrderProcessor, database: Database) -> None:
    """With the time of the change."""
    order = await pending(processor)
    repository = OrderRepository(database)
    async with database.transaction() as transaction:
        rejected = await repository.change_state(
            transaction, order, OrderState.REJECTED, RejectionReason.TIMEOUT
        )
    found = await repository.find(ALICE, order.order.id)
    assert found == rejected
    assert found is not None
    assert (found.order.reason, found.from_cart) == (RejectionReason.TIMEOUT, True)
    assert found.order.updated_at > found.order.created_at == order.order.created_at


async def test_key_is_for_one_order_of_one_user(processor: ManualOrderProcessor, database: Database) -> None:
    """The second order under it is not stored, nor its event; another user's key is another key."""
    await pending(processor)
    with pytest.raises(IntegrityError):
        await pending(processor)
    await processor.place(record(), OrderRequest(UUID(int=2), "key", b"body"))
    await pending(processor, "KEY")
    async with database.reading() as connection:
        assert await events(connection) == ["OrderPlaced"] * 3
