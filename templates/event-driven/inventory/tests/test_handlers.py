"""Batches of order events that are handled concurrently."""

from uuid import uuid4

from chassis.db.database import Database
from choreography.handlers import IdempotentHandler
from choreography.tests.batches import PlacedOrder, handle_concurrently

from ...inventory.domain import Stock
from ...inventory.reservations import Reservations
from ...inventory.service import StockService
from ..handlers import InventoryHandlers
from ..tables import inbox

ORDERS = 20
STOCK = 1000


def orders(*skus: str) -> list[PlacedOrder]:
    """Return orders for one unit, many of the first SKU before many of the next."""
    return [PlacedOrder(uuid4(), uuid4(), {sku: 1}) for sku in skus for _ in range(ORDERS)]


async def test_batches_with_products_in_opposite_order_do_not_deadlock(database: Database) -> None:
    """Batches that change the same stock wait for each other, whatever the order of their events."""
    stock_service = StockService(database)
    for sku in ("A", "B"):
        await stock_service.put(sku, STOCK)
    handle = IdempotentHandler(database, inbox, InventoryHandlers(Reservations()))
    batches = [orders("A", "B"), orders("B", "A")]
    for type, on_hand, reserved in [
        ("OrderPlaced", STOCK, 2 * ORDERS),
        ("OrderConfirmed", STOCK - 2 * ORDERS, 0),
        ("OrderCancelled", STOCK, 0),
    ]:
        await handle_concurrently(handle, *([order.event(type) for order in batch] for batch in batches))
        for sku in ("A", "B"):
            assert await stock_service.read(sku) == Stock(sku, on_hand, reserved)


async def test_concurrent_deliveries_of_a_batch_take_effect_once(database: Database) -> None:
    """The second delivery, for example after a rebalance, waits for the first and then has no effect."""
    stock_service = StockService(database)
    await stock_service.put("A", STOCK)
    handle = IdempotentHandler(database, inbox, InventoryHandlers(Reservations()))
    batch = [order.event("OrderPlaced") for order in orders("A")]
    await handle_concurrently(handle, batch, batch[::-1], batch + batch)
    assert await stock_service.read("A") == Stock("A", STOCK, ORDERS)
