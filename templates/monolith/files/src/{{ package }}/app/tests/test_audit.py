"""Tests of the audit of a real database, through its route."""

import pytest
import sqlalchemy as sa
from httpx2 import AsyncClient

from chassis.db.database import Database
from chassis.testing import Serve

from ...audit.api import router
from ...inventory.tables import stock
from ..audit import Audit
from .in_process_shop import InProcessShop


@pytest.fixture
def admin(database: Database, serve: Serve) -> AsyncClient:
    """A client signed in as administrator."""
    return serve(router(Audit(database).report))("admin")


async def test_audit_finds_a_unit_that_was_lost(database: Database, admin: AsyncClient) -> None:
    """A unit that disappears from the database violates I2."""
    shop = InProcessShop(database)
    sku, user = await shop.product(stock=5), await shop.customer(1000)
    await shop.order(user, {sku: 1})
    busy = (await admin.get("/internal/audit")).json()
    assert (busy["at_rest"], busy["ok"], busy["counts"]["outbox_waiting"]) == (False, True, 1)
    await shop.audit()
    rest = (await admin.get("/internal/audit")).json()
    assert (rest["at_rest"], rest["ok"], rest["counts"]["orders"]) == (True, True, 1)
    async with database.transaction() as transaction:
        await transaction.execute(sa.update(stock).values(on_hand=stock.c.on_hand - 1))
    found = (await admin.get("/internal/audit")).json()
    assert not found["ok"]
    assert found["invariants"]["I2"] == {
        "ok": False,
        "violations": [f"{sku}: 5 units supplied, but 3 on hand and 1 sold"],
    }


@pytest.mark.parametrize(("name", "status"), [("", 401), ("alice", 403)])
async def test_only_administrators_read_the_audit(
    database: Database, serve: Serve, name: str, status: int
) -> None:
    """The audit covers the orders of all users, so customers and anonymous callers are refused."""
    client = serve(router(Audit(database).report))(name)
    assert (await client.get("/internal/audit")).status_code == status
