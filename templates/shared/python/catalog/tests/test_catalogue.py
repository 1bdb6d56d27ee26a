"""The catalogue: what readers see, and when."""

import asyncio

import msgspec
import pytest

from ...chassis.cache import Cache
from ...chassis.cache.store import NoStore
from ...chassis.database import Database
from ...chassis.money import Money
from ...chassis.paging import Page
from ...chassis.problems import Conflict, NotFound, Problem
from ..domain import Product
from ..service import Catalogue


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    """An empty catalogue with a cache."""
    return Catalogue(database, Cache(NoStore()), "EUR")


def product(sku: str, name: str = "Chair", category: str = "chairs", price: int = 100) -> Product:
    """A new product."""
    return Product(sku, name, "To sit on.", category, Money(price, "EUR"), version=1)


async def listed(catalogue: Catalogue, q: str | None = None, category: str | None = None) -> list[str]:
    """The SKUs of a search."""
    page = msgspec.json.decode(await catalogue.page(q, category, None, 100), type=Page[Product])
    return [each.sku for each in page.items]


async def read(catalogue: Catalogue, sku: str) -> Product:
    """A product as readers get it."""
    return msgspec.json.decode(await catalogue.product(sku), type=Product)


async def test_change_is_read_at_once_in_the_same_process(catalogue: Catalogue) -> None:
    """The product, the list and the price are those of the newest version, though all had been cached."""
    await catalogue.create(product("A"))
    assert (await read(catalogue, "A")).version == 1
    assert await listed(catalogue, category="tables") == []
    changed = await catalogue.change("A", {"name": "Table", "category": "tables", "price": 200})
    assert changed == Product("A", "Table", "To sit on.", "tables", Money(200, "EUR"), version=2)
    assert await read(catalogue, "A") == changed
    assert await listed(catalogue, category="tables") == ["A"]
    assert await listed(catalogue, q="table") == ["A"]
    assert await listed(catalogue, q="chair") == []


async def test_prices_never_come_from_the_cache(catalogue: Catalogue, database: Database) -> None:
    """Another process changed the price: readers may be late, orders are not."""
    await catalogue.create(product("A"))
    await read(catalogue, "A")
    await Catalogue(database, Cache(NoStore()), "EUR").change("A", {"price": 700})
    assert (await read(catalogue, "A")).price.amount == 100
    assert await catalogue.prices(["A", "B"]) == {"A": Money(700, "EUR")}


async def test_repeated_read_needs_no_database(
    catalogue: Catalogue, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Products and pages come from the cache, searches do not."""
    await catalogue.create(product("A"))
    await read(catalogue, "A")
    await listed(catalogue)
    monkeypatch.delattr(Database, "reading")
    await read(catalogue, "A")
    await listed(catalogue)
    with pytest.raises(AttributeError):
        await listed(catalogue, q="chair")


async def test_missing_product_is_found_once_it_is_there(catalogue: Catalogue) -> None:
    """That there was none is not remembered."""
    with pytest.raises(NotFound):
        await read(catalogue, "A")
    await catalogue.create(product("A"))
    assert (await read(catalogue, "A")).sku == "A"
    with pytest.raises(Conflict, match="A already"):
        await catalogue.create(product("A", name="Another"))


async def test_sku_is_bytes_not_letters(catalogue: Catalogue) -> None:
    """`a` is not `A`, and upper case comes before lower case, on every database."""
    for sku in ("b", "B", "a-1", "A"):
        await catalogue.create(product(sku))
    assert await listed(catalogue) == ["A", "B", "a-1", "b"]
    with pytest.raises(NotFound):
        await read(catalogue, "a")


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
async def test_search_is_for_part_of_the_name_in_any_case(
    catalogue: Catalogue, q: str, found: list[str]
) -> None:
    """Unicode folds, and what is a wildcard in SQL is itself."""
    names = {"1": "Oak chair", "2": "Chair Größe L", "3": "100% wool", "4": "under_score", "5": "Sale!"}
    for sku, name in names.items():
        await catalogue.create(product(sku, name=name))
    assert await listed(catalogue, q=q) == found


async def test_pages_follow_one_another(catalogue: Catalogue) -> None:
    """Each product is on one page, in order."""
    skus = [f"SKU-{number}" for number in range(7)]
    for sku in skus:
        await catalogue.create(product(sku))
    seen, cursor = [], None
    while True:
        page = msgspec.json.decode(await catalogue.page(None, None, cursor, 3), type=Page[Product])
        seen.append([each.sku for each in page.items])
        if (cursor := page.next_cursor) is None:
            break
    assert seen == [skus[:3], skus[3:6], skus[6:]]
    for made_up in ("AAAA", "eyJ9", "!"):
        with pytest.raises(Problem, match="cursor"):
            await catalogue.page(None, None, made_up, 3)


async def test_one_of_many_editors_of_a_version_wins(catalogue: Catalogue) -> None:
    """The others are told, and lose nothing but time."""
    await catalogue.create(product("A"))
    outcomes = await asyncio.gather(
        *(catalogue.change("A", {"name": f"Edit {number}"}, {1}) for number in range(6)),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, Product) for outcome in outcomes) == 1
    assert {each.code for each in outcomes if isinstance(each, Problem)} == {"version-mismatch"}
    assert (await read(catalogue, "A")).version == 2
    with pytest.raises(NotFound):
        await catalogue.change("B", {"name": "None"}, {1})
