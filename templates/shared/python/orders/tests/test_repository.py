"""Tests of the states of orders in the repository, and of their events."""

import asyncio
from dataclasses import replace
from itertools import product
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from chassis.db.database import Database
from chassis.money import Money
from chassis.serving.startup import StartupRefused

from ..domain import OrderRecord, OrderRequest, OrderState, RejectionReason, new_order_record
from ..repository import OrderRepository
from .shop import ManualOrderProcessor, events

ALICE = UUID(int=1)
TRANSITIONS = {
    (OrderState.PENDING, OrderState.CONFIRMED),
    (OrderState.PENDING, OrderState.REJECTED),
    (OrderState.CONFIRMED, OrderState.CANCELLED),
}


@pytest.fixture
def processor(database: Database) -> ManualOrderProcessor:
    """An order processor that stores orders and changes their states."""
    return ManualOrderProcessor(database)


def record() -> OrderRecord:
    """Return a new pending order."""
    return new_order_record(ALICE, {"A": 2}, {"A": Money(7, "EUR")}, "EUR", {"A": uuid4()})


async def pending(processor: ManualOrderProcessor, key: str = "key") -> OrderRecord:
    """Store a pending order and return it."""
    return await processor.place(record(), OrderRequest(ALICE, key, b"body"))


@pytest.mark.parametrize(
    ("source", "target"),
    [*product(OrderState, [OrderState.CONFIRMED, OrderState.REJECTED, OrderState.CANCELLED])],
)
async def test_only_three_transitions_are_allowed(
    processor: ManualOrderProcessor, database: Database, source: OrderState, target: OrderState
) -> None:
    """The state in the database counts, not the one that the caller has read (I7)."""
    stored = order = await pending(processor)
    if source is OrderState.CANCELLED:
        await processor.change_state(order, OrderState.CONFIRMED)
    if source is not OrderState.PENDING:
        stored = await processor.change_state(order, source) or order
    assert stored.order.state is source
    moved = await processor.change_state(order, target)
    assert (moved is not None) == ((source, target) in TRANSITIONS)
    found = await OrderRepository(database).find(ALICE, order.order.id)
    assert found == (moved or stored)


async def test_concurrent_transitions_take_effect_once(
    processor: ManualOrderProcessor, database: Database
) -> None:
    """Of concurrent confirmations and rejections one succeeds, and one event reports it."""
    order = await pending(processor)
    ends = [OrderState.CONFIRMED, OrderState.REJECTED] * 4
    moved = await asyncio.gather(*(processor.change_state(order, end) for end in ends))
    assert sum(each is not None for each in moved) == 1
    async with database.reading() as connection:
        recorded = await events(connection)
    assert recorded[0] == "OrderPlaced"
    assert len(recorded) == 2


async def test_rejection_reason_is_stored(processor: ManualOrderProcessor, database: Database) -> None:
    """The reason is stored together with the time of the change."""
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


async def test_key_places_one_order_per_user(processor: ManualOrderProcessor, database: Database) -> None:
    """A second order with the same key is not stored, nor is its event; users' keys are independent."""
    await pending(processor)
    with pytest.raises(IntegrityError):
        await pending(processor)
    await processor.place(record(), OrderRequest(UUID(int=2), "key", b"body"))
    await pending(processor, "KEY")
    async with database.reading() as connection:
        assert await events(connection) == ["OrderPlaced"] * 3


async def test_orders_tell_their_currency(processor: ManualOrderProcessor, database: Database) -> None:
    """Without orders, any currency may be configured; with orders, only theirs."""
    repository = OrderRepository(database)
    await repository.check_currency("USD")
    await pending(processor)
    await repository.check_currency("EUR")
    with pytest.raises(StartupRefused, match="set CURRENCY=EUR"):
        await repository.check_currency("USD")


async def test_cart_items_belong_to_one_order(processor: ManualOrderProcessor, database: Database) -> None:
    """A second order of the same revision is not stored; a rejected order gives its items back."""
    repository, first = OrderRepository(database), record()
    await processor.place(first, OrderRequest(ALICE, "1", b"body"))
    assert await repository.ordered_cart_items(ALICE, ["A"]) == set(first.cart_revisions.items())
    second = replace(record(), cart_revisions=first.cart_revisions)
    with pytest.raises(IntegrityError):
        await processor.place(second, OrderRequest(ALICE, "2", b"body"))
    assert await processor.change_state(first, OrderState.REJECTED)
    assert await repository.ordered_cart_items(ALICE, ["A"]) == set()
    await processor.place(second, OrderRequest(ALICE, "2", b"body"))
    assert await repository.find(ALICE, second.order.id) == second
