"""Tests of stock as administrators read and set it."""

import asyncio
from uuid import uuid4

import pytest

from chassis.db.database import Database
from chassis.http.problems import Conflict, NotFound
from chassis.testing import Serve

from ...audit.snapshot import AuditedStock
from ..api import router
from ..audit_snapshot import take_snapshot
from ..domain import Stock
from ..reservations import Reservations
from ..service import StockService


async def audited_stock(database: Database, sku: str) -> AuditedStock:
    """Return the stock of the SKU as an audit sees it."""
    async with database.reading() as connection:
        return (await take_snapshot(connection)).stock[sku]


async def test_stock_is_created_and_changed(database: Database) -> None:
    """Setting the units creates or changes the stock, and `supplied` adds up all units that ever arrived."""
    stock_service = StockService(database)
    with pytest.raises(NotFound):
        await stock_service.read("A")
    for on_hand in (5, 5, 3, 0, 9):
        assert (
            await stock_service.put("A", on_hand) == Stock("A", on_hand, 0) == await stock_service.read("A")
        )
        assert await audited_stock(database, "A") == AuditedStock(on_hand, 0, 0, supplied=on_hand)


async def test_stock_cannot_be_set_below_the_reserved_units(database: Database) -> None:
    """A refused change leaves the stock as it was."""
    stock_service = StockService(database)
    await stock_service.put("A", 5)
    async with database.transaction() as transaction:
        assert await Reservations().reserve(transaction, uuid4(), {"A": 3})
    with pytest.raises(Conflict, match="3 units"):
        await stock_service.put("A", 2)
    assert await stock_service.put("A", 3) == Stock("A", 3, 3)


async def test_skus_are_case_sensitive(database: Database) -> None:
    """The SKUs `a` and `A` are different on every database."""
    stock_service = StockService(database)
    await stock_service.put("A", 1)
    await stock_service.put("a", 2)
    assert (await stock_service.read("A")).on_hand == 1


async def test_concurrent_requests_create_stock_once(database: Database) -> None:
    """All concurrent requests that set the stock of a new SKU succeed."""
    stock_service = StockService(database)
    await asyncio.gather(*(stock_service.put("A", count) for count in range(1, 7)))
    left = (await stock_service.read("A")).on_hand
    assert await audited_stock(database, "A") == AuditedStock(left, 0, 0, supplied=left)


async def test_only_administrators_read_and_set_stock(database: Database, serve: Serve) -> None:
    """Customers and anonymous callers are refused."""
    caller = serve(router(StockService(database)))
    set_to = await caller("admin").put("/v1/stock/A", json={"on_hand": 7})
    assert (set_to.status_code, set_to.json()) == (200, {"sku": "A", "on_hand": 7, "reserved": 0})
    assert (await caller("admin").get("/v1/stock/A")).json() == set_to.json()
    assert (await caller("alice").get("/v1/stock/A")).status_code == 403
    assert (await caller("").put("/v1/stock/A", json={"on_hand": 1})).status_code == 401


@pytest.mark.parametrize("on_hand", [-1, 1_000_000_001, 1.5, "5", True, None])
async def test_units_must_be_whole_and_bounded(database: Database, serve: Serve, on_hand: object) -> None:
    """An invalid number of units is refused and creates no stock."""
    admin = serve(router(StockService(database)))("admin")
    refused = await admin.put("/v1/stock/A", json={"on_hand": on_hand})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/on_hand")
    assert (await admin.get("/v1/stock/A")).status_code == 404
