"""Batches of events that are handled concurrently."""

from collections.abc import Collection, Mapping
from uuid import UUID, uuid4

import sqlalchemy as sa

from chassis.db.database import Database
from choreography.handlers import IdempotentHandler
from choreography.tests.batches import PlacedOrder, handle_concurrently

from ...cart.ports import Product
from ...cart.service import Carts
from ...cart.tables import cart_item
from ..handlers import CartHandlers
from ..tables import inbox

ALICE, BOB = map(UUID, ("0" * 31 + digit for digit in "bc"))
SKUS = [f"SKU-{number:02}" for number in range(20)]


class EmptyCatalog:
    """A catalog without products."""

    async def find(self, _: Collection[str]) -> Mapping[str, Product]:
        """Return no products."""
        return {}


def confirmed(*users: UUID) -> list[PlacedOrder]:
    """Return an order for each item in the carts of the users."""
    return [PlacedOrder(uuid4(), user, {sku: 1}) for user in users for sku in SKUS]


async def test_batches_with_carts_in_opposite_order_do_not_deadlock(database: Database) -> None:
    """Batches that empty the same carts wait for each other, whatever the order of their events."""
    items = [{"user_id": user, "sku": sku, "quantity": 1} for user in (ALICE, BOB) for sku in SKUS]
    async with database.transaction() as transaction:
        await transaction.execute(sa.insert(cart_item), items)
    handle = IdempotentHandler(database, inbox, CartHandlers(Carts(database, EmptyCatalog(), "EUR")))
    batches = [confirmed(ALICE, BOB), confirmed(BOB, ALICE)]
    await handle_concurrently(
        handle, *([each.event("OrderConfirmed") for each in batch] for batch in batches)
    )
    async with database.reading() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(cart_item)) == 0
