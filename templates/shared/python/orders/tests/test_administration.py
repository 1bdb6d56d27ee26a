"""Tests of what administrators see of orders, and of the retention of ordered cart items."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from httpx2 import AsyncClient

from chassis.clock import now
from chassis.db.database import Database
from chassis.db.retention import RULES, Retention, RetentionSettings
from chassis.ids import first_id_at
from chassis.money import Money
from chassis.testing import Serve

from ..administration import OrderAdministration
from ..api import administration
from ..domain import OrderRecord, OrderRequest, OrderState, new_order_record
from ..repository import OrderRepository
from ..tables import order, ordered_cart_item
from .shop import ManualOrderProcessor

ORDERS = "/v1/admin/orders"
ALICE, BOB = UUID(int=1 << 20), UUID(int=1 << 21)


@pytest.fixture
def processor(database: Database) -> ManualOrderProcessor:
    """An order processor that stores orders and changes their states."""
    return ManualOrderProcessor(database)


@pytest.fixture
def serve_orders(database: Database, serve: Serve) -> Any:
    """Returns a client that is signed in as somebody."""
    return serve(administration(OrderAdministration(OrderRepository(database))))


async def placed(processor: ManualOrderProcessor, user_id: UUID = ALICE) -> OrderRecord:
    """Store a pending order of two products, and return it."""
    prices = {sku: Money(7, "EUR") for sku in "BA"}
    record = new_order_record(user_id, {"B": 2, "A": 1}, prices, "EUR", {"A": uuid4()})
    await asyncio.sleep(0.002)
    return await processor.place(record, OrderRequest(user_id, str(record.order.id), b"body"))


async def ids(admin: AsyncClient, **query: Any) -> list[str]:
    """Return the ids of a list of orders."""
    found = await admin.get(ORDERS, params=query)
    assert found.status_code == 200, found.text
    return [each["order"]["id"] for each in found.json()["items"]]


async def test_orders_of_all_users_are_listed(processor: ManualOrderProcessor, serve_orders: Any) -> None:
    """Newest first, each with its owner and all of its lines, and chosen by state and user."""
    admin = serve_orders("admin")
    records = [await placed(processor, user) for user in (ALICE, BOB, ALICE)]
    await processor.change_state(records[0], OrderState.CONFIRMED)
    first, second, third = (str(each.order.id) for each in records)
    newest = (await admin.get(ORDERS)).json()["items"][0]
    assert (newest["user_id"], newest["order"]["id"]) == (str(ALICE), third)
    assert [line["sku"] for line in newest["order"]["items"]] == ["B", "A"]
    assert await ids(admin) == [third, second, first]
    assert await ids(admin, state="PENDING") == [third, second]
    assert await ids(admin, state="PENDING", user_id=str(ALICE)) == [third]
    page = (await admin.get(ORDERS, params={"limit": 2})).json()
    assert await ids(admin, cursor=page["next_cursor"]) == [first]


async def test_only_administrators_see_them(processor: ManualOrderProcessor, serve_orders: Any) -> None:
    """A customer is forbidden both the list and an order."""
    order_id = (await placed(processor)).order.id
    for path in (ORDERS, f"{ORDERS}/{order_id}"):
        assert (await serve_orders("alice").get(path)).status_code == 403


async def test_a_cancellation_from_before_its_time_was_kept(
    processor: ManualOrderProcessor, database: Database, serve_orders: Any
) -> None:
    """The confirmation is in the history, without a time."""
    record = await placed(processor)
    confirmed = await processor.change_state(record, OrderState.CONFIRMED)
    assert confirmed is not None
    await processor.change_state(confirmed, OrderState.CANCELLED)
    path = f"{ORDERS}/{record.order.id}"

    async def times() -> list[bool]:
        history = (await serve_orders("admin").get(path)).json()["history"]
        assert [each["state"] for each in history] == ["PENDING", "CONFIRMED", "CANCELLED"]
        return [each["at"] is not None for each in history]

    assert await times() == [True, True, True]
    async with database.transaction() as transaction:
        await transaction.execute(sa.update(order).values(confirmed_at=None))
    assert await times() == [True, False, True]


async def test_ordered_cart_items_are_deleted_after_their_time(
    processor: ManualOrderProcessor, database: Database
) -> None:
    """Those of old orders are deleted, those of newer ones are kept."""
    new = await placed(processor)
    row = {"user_id": ALICE, "sku": "A"}
    async with database.transaction() as transaction:
        for days in (29, 31):
            old = first_id_at(now() - timedelta(days=days))
            await transaction.execute(
                sa.insert(ordered_cart_item), {**row, "revision": uuid4(), "order_id": old}
            )
    rules = [rule for rule in RULES if rule.table is ordered_cart_item]
    assert await Retention(database, RetentionSettings(), rules).delete_expired() == 1
    async with database.reading() as connection:
        left = {row.order_id for row in await connection.execute(sa.select(ordered_cart_item.c.order_id))}
    assert new.order.id in left
    assert len(left) == 2
