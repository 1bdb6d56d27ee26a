"""Tests of seeding: it adds products and overwrites nothing."""

from chassis.db.database import Database

from ..samples import PRODUCTS, UNITS
from ..seed import fill
from .in_process_shop import InProcessShop


async def seed(shop: InProcessShop) -> None:
    """Seed the shop."""
    await fill(shop.catalog, shop.stock_service, "EUR")


async def test_everything_seeded_can_be_bought(database: Database) -> None:
    """Each product is listed and in stock."""
    shop = InProcessShop(database)
    await seed(shop)
    prices = await shop.catalog.prices([sku for sku, *_ in PRODUCTS])
    assert {sku: money.amount for sku, money in prices.items()} == {each[0]: each[-1] for each in PRODUCTS}
    assert {await shop.on_hand(sku) for sku in prices} == {UNITS}
    user = await shop.customer(1_000_000_000)
    assert (await shop.order(user, dict.fromkeys(prices, 1))).state == "CONFIRMED"


async def test_second_seeding_changes_nothing(database: Database) -> None:
    """Changed prices and sold units stay as they are."""
    shop, sku = InProcessShop(database), PRODUCTS[0][0]
    await seed(shop)
    await shop.catalog.change(sku, {"price": 1})
    await shop.order(await shop.customer(5), {sku: 5})
    await seed(shop)
    assert (await shop.catalog.prices([sku]))[sku].amount == 1
    assert await shop.on_hand(sku) == UNITS - 5


async def test_interrupted_seeding_is_completed(database: Database) -> None:
    """Seeding continues even if it was interrupted between the stock and the product."""
    shop, sku = InProcessShop(database), PRODUCTS[0][0]
    await shop.stock_service.put(sku, 7)
    await seed(shop)
    assert await shop.on_hand(sku) == UNITS
    assert await shop.catalog.product(sku)
