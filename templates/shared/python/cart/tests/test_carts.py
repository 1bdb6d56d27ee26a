"""Carts: what they hold, and how they are shown."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import pytest
from httpx2 import AsyncClient

from ...chassis.database import Database
from ...chassis.money import Money
from ...testing import Serve
from ..api import router
from ..service import Carts

ALICE = UUID(int=1)


@dataclass(frozen=True)
class Product:
    """A product of the test's catalogue."""

    name: str
    price: Money


class Catalog(dict[str, Product]):
    """Products by SKU."""

    async def find(self, skus: Collection[str]) -> dict[str, Product]:
        """Return those that exist."""
        return {sku: self[sku] for sku in skus if sku in self}


@pytest.fixture
def catalog() -> Catalog:
    """60 products, each at a price of its own."""
    return Catalog({f"SKU-{n:02}": Product(f"Thing {n}", Money(n, "EUR")) for n in range(60)})


@pytest.fixture
def carts(database: Database, catalog: Catalog) -> Carts:
    """Empty carts."""
    return Carts(database, catalog, "EUR")


@pytest.fixture
def alice(carts: Carts, serve: Serve) -> AsyncClient:
    """A customer."""
    return serve(router(carts))("alice")


async def test_cart_shows_names_prices_and_total(alice: AsyncClient) -> None:
    """A new one is empty; PUT sets a quantity and answers the cart, by SKU."""
    assert (await alice.get("/v1/cart")).json() == {"items": [], "total": {"amount": 0, "currency": "EUR"}}
    await alice.put("/v1/cart/items/SKU-20", json={"quantity": 9})
    await alice.put("/v1/cart/items/SKU-20", json={"quantity": 2})
    put = await alice.put("/v1/cart/items/SKU-07", json={"quantity": 3})
    assert put.json() == (await alice.get("/v1/cart")).json()
    assert put.json() == {
        "items": [
            {
                "sku": sku,
                "name": name,
                "quantity": quantity,
                "unit_price": {"amount": price, "currency": "EUR"},
            }
            for sku, name, quantity, price in (("SKU-07", "Thing 7", 3, 7), ("SKU-20", "Thing 20", 2, 20))
        ],
        "total": {"amount": 61, "currency": "EUR"},
    }


async def test_items_leave_the_cart(alice: AsyncClient) -> None:
    """One or all, whether or not they were there."""
    for sku in ("SKU-01", "SKU-02", "SKU-03"):
        await alice.put(f"/v1/cart/items/{sku}", json={"quantity": 1})
    for _ in range(2):
        assert (await alice.delete("/v1/cart/items/SKU-02")).status_code == 204
    assert [item["sku"] for item in (await alice.get("/v1/cart")).json()["items"]] == ["SKU-01", "SKU-03"]
    for _ in range(2):
        assert (await alice.delete("/v1/cart")).status_code == 204
    assert (await alice.get("/v1/cart")).json()["items"] == []


async def test_cart_follows_the_catalogue(alice: AsyncClient, catalog: Catalog) -> None:
    """Prices are today's, and a product that is gone is left out."""
    for sku in ("SKU-01", "SKU-02"):
        await alice.put(f"/v1/cart/items/{sku}", json={"quantity": 2})
    catalog["SKU-01"] = Product("Renamed", Money(500, "EUR"))
    del catalog["SKU-02"]
    cart = (await alice.get("/v1/cart")).json()
    assert [(item["name"], item["quantity"]) for item in cart["items"]] == [("Renamed", 2)]
    assert cart["total"]["amount"] == 1000


async def test_unknown_product_stays_out(alice: AsyncClient) -> None:
    """404, and nothing is remembered of it."""
    assert (await alice.put("/v1/cart/items/NONE", json={"quantity": 1})).status_code == 404
    assert (await alice.get("/v1/cart")).json()["items"] == []


async def test_cart_holds_fifty_items(alice: AsyncClient) -> None:
    """The next one is refused; those inside may change."""
    for number in range(50):
        await alice.put(f"/v1/cart/items/SKU-{number:02}", json={"quantity": 1})
    refused = await alice.put("/v1/cart/items/SKU-50", json={"quantity": 1})
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:problem:validation")
    assert (await alice.put("/v1/cart/items/SKU-49", json={"quantity": 5})).status_code == 200


@pytest.mark.parametrize("quantity", [0, 1001, -1, 1.5, "2", True, None])
async def test_quantity_is_whole_and_bounded(alice: AsyncClient, quantity: object) -> None:
    """1 to 1000."""
    refused = await alice.put("/v1/cart/items/SKU-01", json={"quantity": quantity})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/quantity")


async def test_carts_are_their_owners(carts: Carts, serve: Serve) -> None:
    """Nobody sees or empties another's; strangers have none."""
    caller = serve(router(carts))
    alice, bob, stranger = caller("alice"), caller("bob"), caller("")
    await alice.put("/v1/cart/items/SKU-01", json={"quantity": 1})
    await bob.delete("/v1/cart")
    assert (await bob.get("/v1/cart")).json()["items"] == []
    assert len((await alice.get("/v1/cart")).json()["items"]) == 1
    assert (await stranger.get("/v1/cart")).status_code == 401


async def test_item_is_put_once_by_many(carts: Carts) -> None:
    """All who put it at once succeed, and one of their quantities stays."""
    await asyncio.gather(*(carts.put(ALICE, "SKU-01", quantity) for quantity in range(1, 7)))
    assert (await carts.quantities(ALICE)).keys() == {"SKU-01"}


async def test_ordered_items_leave_and_others_stay(carts: Carts, database: Database) -> None:
    """They leave with the transaction of the order, or stay with it."""
    await carts.put(ALICE, "SKU-01", 1)
    await carts.put(ALICE, "SKU-02", 1)
    async with database.transaction() as transaction:
        await carts.remove(transaction, ALICE, ["SKU-01"])
    assert await carts.quantities(ALICE) == {"SKU-02": 1}
