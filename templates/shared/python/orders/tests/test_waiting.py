"""Requests that wait for the end of an order."""

import asyncio
from uuid import UUID

import pytest

from chassis.db.database import Database
from chassis.money import Money

from .. import service
from ..domain import OrderRequest, OrderState, new_order_record
from ..repository import OrderRepository
from ..service import Orders
from .shop import Cart, Catalog, ManualOrderProcessor

ALICE = UUID(int=1)


async def test_the_process_that_ends_an_order_answers_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request does not wait until it reads the order again, which is for orders that others end."""
    monkeypatch.setattr(service, "FIRST_POLL_SECONDS", 3600)
    repository = OrderRepository(database)
    orders = Orders(repository, Catalog(), Cart(), ManualOrderProcessor(database), "EUR")
    record = new_order_record(ALICE, {"A": 1}, {"A": Money(7, "EUR")}, "EUR", None)
    async with database.transaction() as transaction:
        await repository.add(transaction, record, OrderRequest(ALICE, "key", b"body"))
    waiting = asyncio.create_task(orders.read(ALICE, record.order.id, wait=3600))
    # Long enough for the first read, as a rule; a late one finds the end itself.
    await asyncio.sleep(0.1)
    async with database.transaction() as transaction:
        assert await repository.change_state(transaction, record, OrderState.CONFIRMED)
    assert (await asyncio.wait_for(waiting, 60)).state is OrderState.CONFIRMED
