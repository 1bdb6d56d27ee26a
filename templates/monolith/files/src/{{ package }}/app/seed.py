"""Something to see in a new shop: an administrator, products and stock."""

from ..catalog.domain import Product
from ..catalog.service import Catalogue
from ..chassis.money import Money
from ..inventory.service import StockService
from .samples import PRODUCTS, UNITS
from .wiring import Shop


async def seed() -> None:
    """Make what is not there yet in the shop that the environment describes, and leave what is."""
    shop = Shop()
    try:
        await shop.identity.seed()
        await fill(shop.catalogue, shop.stock_service, shop.settings.currency)
    finally:
        await shop.close()


async def fill(catalogue: Catalogue, stock_service: StockService, currency: str) -> None:
    """Put products with stock into the catalogue; those that are there stay as they are."""
    there = await catalogue.find([sku for sku, *_ in PRODUCTS])
    for sku, name, description, category, price in PRODUCTS:
        if sku not in there:
            # Stock comes first: what is listed can be bought, also if the seeding ends halfway.
            await stock_service.put(sku, UNITS)
            money = Money(price, currency)
            await catalogue.create(Product(sku, name, description, category, money, version=1))
