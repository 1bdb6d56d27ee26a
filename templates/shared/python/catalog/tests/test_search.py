"""Tests of the search: what it finds, and that its index follows the names."""

import msgspec
import pytest
import sqlalchemy as sa

from chassis.cache import Cache
from chassis.cache.store import NoStore
from chassis.db import migrating
from chassis.db.database import Database
from chassis.folding import folded
from chassis.http.paging import Page, encode_cursor

from ..domain import Product
from ..search import trigrams
from ..service import Catalog
from ..tables import product_trigram
from .test_catalog import listed, product

NAMES = {
    "1": "Oak chair with a very long description of its legs",
    "2": "OAKEN CHAIR",
    "3": "Chai latte",
    "4": "椅子 Stuhl",
    "5": "Café & chairs, 100% wool",
    "6": "tv",
    "7": "Re\u0301sume\u0301",
}


@pytest.fixture
async def catalog(database: Database) -> Catalog:
    """A catalog of a few products."""
    catalog = Catalog(database, Cache(NoStore()), "EUR")
    for sku, name in NAMES.items():
        await catalog.create(product(sku, name=name))
    return catalog


@pytest.mark.parametrize(
    "q",
    [
        *(
            "chair",
            "CHAI",
            "hai",
            "oak chair",
            "k ch",
            " chair",
            "tv",
            "t",
            "椅子",
            "椅",
            "fé &",
            "& CHAIRS, 100%",
        ),
        *(
            "oak  chair",
            "chair oak",
            "oak*",
            "+oak",
            '"oak"',
            "oak | chair",
            "oak:*",
            "cafe",
            "-",
            "%%%",
            "___",
        ),
        *("résumé", "RE\u0301SUMÉ", "e\u0301su", "resume", "\u00e9"),
        *("very long description of its", "very long inscription of its", "cha\u0131r", "oak\nchair", "   "),
    ],
)
async def test_a_query_is_a_literal_part_of_the_name(catalog: Catalog, q: str) -> None:
    """The index finds what a comparison with every name finds; no character has a meaning."""
    assert await listed(catalog, q=q) == [sku for sku, name in NAMES.items() if folded(q) in folded(name)]


async def test_a_changed_name_is_found_at_once_and_the_old_one_no_longer(
    catalog: Catalog, database: Database
) -> None:
    """The index has exactly the trigrams of the new name; another change leaves it alone."""
    await catalog.change("1", {"name": "Oaken table"})
    await catalog.change("1", {"price": 5})
    assert await listed(catalog, q="oaken") == ["1", "2"]
    assert await listed(catalog, q="table") == ["1"]
    assert await listed(catalog, q="legs") == []
    assert await index_of(database, "1") == {"oak", "ake", "ken", "tab", "abl", "ble"}


async def test_pages_of_a_search_follow_each_other(catalog: Catalog) -> None:
    """A page starts after the last product of the one before, with and without trigrams in the query."""
    for q, skus in (("chair", ["1", "2", "5"]), ("ai", ["1", "2", "3", "5"])):
        for after, rest in [("", skus), *((sku, skus[number:]) for number, sku in enumerate(skus, 1))]:
            cursor = encode_cursor(after) if after else None
            page = msgspec.json.decode(await catalog.page(q, None, cursor, 100), type=Page[Product])
            assert [each.sku for each in page.items] == rest


async def test_the_migration_indexes_products_that_exist(catalog: Catalog, database: Database) -> None:
    """After a downgrade and an upgrade, the index is the same."""
    before = {sku: await index_of(database, sku) for sku in NAMES}
    await migrating.downgrade(database, "catalog_0002")
    await migrating.upgrade(database)
    assert {sku: await index_of(database, sku) for sku in NAMES} == before
    assert before["3"] == set(trigrams("chai latte"))
    assert await listed(catalog, q="chair") == ["1", "2", "5"]


async def test_the_migration_folds_names_that_exist(catalog: Catalog, database: Database) -> None:
    """A downgrade gives the form of the version before; an upgrade the present one and its index again."""
    before = {sku: await index_of(database, sku) for sku in NAMES}
    await migrating.downgrade(database, "catalog_0003")
    assert await index_of(database, "7") == set(trigrams(NAMES["7"].casefold())) != before["7"]
    await migrating.upgrade(database)
    assert {sku: await index_of(database, sku) for sku in NAMES} == before
    assert await listed(catalog, q="résumé") == await listed(catalog, q="RE\u0301SUME\u0301") == ["7"]


async def index_of(database: Database, sku: str) -> set[str]:
    """Return the trigrams by which a product is found."""
    async with database.reading() as connection:
        rows = await connection.execute(
            sa.select(product_trigram.c.trigram).where(product_trigram.c.sku == sku)
        )
        return {row.trigram for row in rows}
