"""Seed data for a new shop: an administrator, products and stock."""

from chassis.money import Money
from chassis.serving.startup import check_connection

from ..catalog.domain import Product
from ..catalog.service import Catalog
from ..inventory.service import StockService
from .samples import PRODUCTS, UNITS
from .wiring import Shop


async def seed() -> None:
    """Add the seed data that the configured shop does not have yet; existing data stays unchanged."""
    shop = Shop()
    try:
        await check_connection(shop.database)
        await shop.check_currency()
        await shop.identity.seed()
        await fill(shop.catalog, shop.stock_service, shop.settings.currency)
    finally:
        await shop.close()


async def fill(catalog: Catalog, stock_service: StockService, currency: str) -> None:
    """Add the sample products, with stock, to the catalog; existing products stay unchanged."""
    existing = await catalog.find([sku for sku, *_ in PRODUCTS])
    for sku, name, description, category, price in PRODUCTS:
        if sku not in existing:
            # Stock first, so that every listed product can be bought even if seeding is interrupted.
            await stock_service.put(sku, UNITS)
            money = Money(price, currency)
            await catalog.create(Product(sku, name, description, category, money, version=1))
