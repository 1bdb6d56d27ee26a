"""Seeding: something to buy, and nothing overwritten."""

from ...chassis.database import Database
from ..samples import PRODUCTS, UNITS
from ..seed import fill
from .market import Market


async def seed(market: Market) -> None:
    """Seed the market."""
    await fill(market.catalogue, market.shelf, "EUR")


async def test_everything_seeded_can_be_bought(database: Database) -> None:
    """Each product is listed and in stock, and what was seeded passes the audit."""
    market = Market(database)
    await seed(market)
    prices = await market.catalogue.prices([sku for sku, *_ in PRODUCTS])
    assert {sku: money.amount for sku, money in prices.items()} == {each[0]: each[-1] for each in PRODUCTS}
    assert {await market.on_hand(sku) for sku in prices} == {UNITS}
    user = await market.customer(1_000_000_000)
    assert (await market.order(user, dict.fromkeys(prices, 1))).state == "CONFIRMED"
    assert (await market.audit()).ok


async def test_second_seeding_changes_nothing(database: Database) -> None:
    """Prices that were changed and units that were sold stay as they are."""
    market, sku = Market(database), PRODUCTS[0][0]
    await seed(market)
    await market.catalogue.change(sku, {"price": 1})
    await market.order(await market.customer(5), {sku: 5})
    await seed(market)
    assert (await market.catalogue.prices([sku]))[sku].amount == 1
    assert await market.on_hand(sku) == UNITS - 5


async def test_interrupted_seeding_is_finished(database: Database) -> None:
    """Also when it ended between the stock and the product."""
    market, sku = Market(database), PRODUCTS[0][0]
    await market.shelf.put(sku, 7)
    await seed(market)
    assert await market.on_hand(sku) == UNITS
    assert await market.catalogue.product(sku)
