"""Seed data for a new shop: an administrator, products and stock."""

from ..catalog.domain import Product
from ..catalog.service import Catalogue
from ..chassis.money import Money
from ..inventory.service import StockService
from .samples import PRODUCTS, UNITS
from .wiring import Shop


async def seed() -> None:
    """Add the seed data that the configured shop does not have yet; existing data stays unchanged."""
    shop = Shop()
    try:
        await shop.identity.seed()
        await fill(shop.catalogue, shop.stock_service, shop.settings.currency)
    finally:
        await shop.close()


async def fill(catalogue: Catalogue, stock_service: StockService, currency: str) -> None:
    """Add the sample products, with stock, to the catalog; existing products stay unchanged."""
    existing = await catalogue.find([sku for sku, *_ in PRODUCTS])
    for sku, name, description, category, price in PRODUCTS:
        if sku not in existing:
            # Stock first, so that every listed product can be bought even if seeding is interrupted.
            await stock_service.put(sku, UNITS)
            money = Money(price, currency)
            await catalogue.create(Product(sku, name, description, category, money, version=1))
