"""Tests of the catalog service: caching, search, paging and concurrent changes."""

import asyncio

import msgspec
import pytest

from chassis.cache import Cache
from chassis.cache.store import NoStore
from chassis.db.database import Database
from chassis.http.paging import Page
from chassis.http.problems import Conflict, NotFound, Problem
from chassis.money import Money

from ..domain import Product
from ..service import Catalog


@pytest.fixture
def catalog(database: Database) -> Catalog:
    """An empty catalog with a cache."""
    return Catalog(database, Cache(NoStore()), "EUR")


def product(sku: str, name: str = "Chair", category: str = "chairs", price: int = 100) -> Product:
    """Return a new product."""
    return Product(sku, name, "To sit on.", category, Money(price, "EUR"), version=1)


async def listed(catalog: Catalog, q: str | None = None, category: str | None = None) -> list[str]:
    """Return the SKUs that a search finds."""
    page = msgspec.json.decode(await catalog.page(q, category, None, 100), type=Page[Product])
    return [each.sku for each in page.items]


async def read(catalog: Catalog, sku: str) -> Product:
    """Return a product as readers get it."""
    return msgspec.json.decode(await catalog.product(sku), type=Product)


async def test_change_is_visible_at_once_in_the_same_process(catalog: Catalog) -> None:
    """Product, list and price are those of the newest version, although the old ones had been cached."""
    await catalog.create(product("A"))
    assert (await read(catalog, "A")).version == 1
    assert await listed(catalog, category="tables") == []
    changed = await catalog.change("A", {"name": "Table", "category": "tables", "price": 200})
    assert changed == Product("A", "Table", "To sit on.", "tables", Money(200, "EUR"), version=2)
    assert await read(catalog, "A") == changed
    assert await listed(catalog, category="tables") == ["A"]
    assert await listed(catalog, q="table") == ["A"]
    assert await listed(catalog, q="chair") == []


async def test_prices_never_come_from_the_cache(catalog: Catalog, database: Database) -> None:
    """After a change in another process, reads may be stale for a moment, but prices for orders are not."""
    await catalog.create(product("A"))
    await read(catalog, "A")
    await Catalog(database, Cache(NoStore()), "EUR").change("A", {"price": 700})
    assert (await read(catalog, "A")).price.amount == 100
    assert await catalog.prices(["A", "B"]) == {"A": Money(700, "EUR")}


async def test_repeated_reads_need_no_database(
    catalog: Catalog, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Products and pages are served from the cache; searches are not."""
    await catalog.create(product("A"))
    await read(catalog, "A")
    await listed(catalog)
    monkeypatch.delattr(Database, "reading")
    await read(catalog, "A")
    await listed(catalog)
    with pytest.raises(AttributeError):
        await listed(catalog, q="chair")


async def test_product_is_found_once_it_exists(catalog: Catalog) -> None:
    """The absence of a product is not cached."""
    with pytest.raises(NotFound):
        await read(catalog, "A")
    await catalog.create(product("A"))
    assert (await read(catalog, "A")).sku == "A"
    with pytest.raises(Conflict, match="A already"):
        await catalog.create(product("A", name="Another"))


async def test_skus_are_case_sensitive(catalog: Catalog) -> None:
    """On every database, `a` and `A` are different SKUs. Servers sort them by their own rules."""
    for sku in ("b", "B", "a-1", "A"):
        await catalog.create(product(sku))
    assert sorted(await listed(catalog)) == ["A", "B", "a-1", "b"]
    with pytest.raises(NotFound):
        await read(catalog, "a")


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("chair", ["1", "2"]),
        ("CHAIR", ["1", "2"]),
        ("größe", ["2"]),
        ("GRÖSSE", ["2"]),
        ("100%", ["3"]),
        ("%", ["3"]),
        ("_", ["4"]),
        ("!", ["5"]),
        ("\\", []),
        ("", ["1", "2", "3", "4", "5"]),
    ],
)
async def test_search_matches_part_of_the_name_in_any_case(
    catalog: Catalog, q: str, found: list[str]
) -> None:
    """Case is folded for all of Unicode, and SQL wildcards match only themselves."""
    names = {"1": "Oak chair", "2": "Chair Größe L", "3": "100% wool", "4": "under_score", "5": "Sale!"}
    for sku, name in names.items():
        await catalog.create(product(sku, name=name))
    assert await listed(catalog, q=q) == found


async def test_pages_list_each_product_once(catalog: Catalog) -> None:
    """Pages are in order and do not overlap; invalid cursors are refused."""
    skus = [f"SKU-{number}" for number in range(7)]
    for sku in skus:
        await catalog.create(product(sku))
    seen, cursor = [], None
    while True:
        page = msgspec.json.decode(await catalog.page(None, None, cursor, 3), type=Page[Product])
        seen.append([each.sku for each in page.items])
        if (cursor := page.next_cursor) is None:
            break
    assert seen == [skus[:3], skus[3:6], skus[6:]]
    for invalid in ("AAAA", "eyJ9", "!"):
        with pytest.raises(Problem, match="cursor"):
            await catalog.page(None, None, invalid, 3)


async def test_one_of_several_edits_of_a_version_wins(catalog: Catalog) -> None:
    """The other editors get `version-mismatch` and overwrite nothing."""
    await catalog.create(product("A"))
    outcomes = await asyncio.gather(
        *(catalog.change("A", {"name": f"Edit {number}"}, {1}) for number in range(6)),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, Product) for outcome in outcomes) == 1
    assert {each.code for each in outcomes if isinstance(each, Problem)} == {"version-mismatch"}
    assert (await read(catalog, "A")).version == 2
    with pytest.raises(NotFound):
        await catalog.change("B", {"name": "None"}, {1})


async def test_a_category_with_spaces_around_is_another_category(catalog: Catalog) -> None:
    """Leading and trailing spaces count on every database."""
    for sku, category in {"A": "chairs", "B": "chairs ", "C": " chairs"}.items():
        await catalog.create(product(sku, category=category))
        assert await listed(catalog, category=category) == [sku]
