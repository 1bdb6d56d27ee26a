"""Tests of the cart's API and service."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import pytest
from httpx2 import AsyncClient

from chassis.db.database import Database
from chassis.money import Money
from chassis.testing import Serve

from ..api import router
from ..service import CartIsFull, Carts

ALICE = UUID(int=1)


@dataclass(frozen=True)
class Product:
    """A product in the test's catalog."""

    name: str
    price: Money


class Catalog(dict[str, Product]):
    """The test's catalog: products by SKU."""

    async def find(self, skus: Collection[str]) -> dict[str, Product]:
        """Return the products that exist."""
        return {sku: self[sku] for sku in skus if sku in self}


@pytest.fixture
def catalog() -> Catalog:
    """A catalog of 60 products with different prices."""
    return Catalog({f"SKU-{n:02}": Product(f"Thing {n}", Money(n, "EUR")) for n in range(60)})


@pytest.fixture
def carts(database: Database, catalog: Catalog) -> Carts:
    """Carts, all of them empty."""
    return Carts(database, catalog, "EUR")


@pytest.fixture
def alice(carts: Carts, serve: Serve) -> AsyncClient:
    """A client signed in as Alice, a customer."""
    return serve(router(carts))("alice")


async def test_cart_shows_names_prices_and_total(alice: AsyncClient) -> None:
    """A new cart is empty; PUT sets a quantity and returns the cart by SKU."""
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


async def test_items_are_removed(alice: AsyncClient) -> None:
    """DELETE removes one item or all of them, and succeeds even if there is nothing to remove."""
    for sku in ("SKU-01", "SKU-02", "SKU-03"):
        await alice.put(f"/v1/cart/items/{sku}", json={"quantity": 1})
    for _ in range(2):
        assert (await alice.delete("/v1/cart/items/SKU-02")).status_code == 204
    assert [item["sku"] for item in (await alice.get("/v1/cart")).json()["items"]] == ["SKU-01", "SKU-03"]
    for _ in range(2):
        assert (await alice.delete("/v1/cart")).status_code == 204
    assert (await alice.get("/v1/cart")).json()["items"] == []


async def test_cart_shows_the_current_catalog(alice: AsyncClient, catalog: Catalog) -> None:
    """Names and prices are current, and products that no longer exist are left out."""
    for sku in ("SKU-01", "SKU-02"):
        await alice.put(f"/v1/cart/items/{sku}", json={"quantity": 2})
    catalog["SKU-01"] = Product("Renamed", Money(500, "EUR"))
    del catalog["SKU-02"]
    cart = (await alice.get("/v1/cart")).json()
    assert [(item["name"], item["quantity"]) for item in cart["items"]] == [("Renamed", 2)]
    assert cart["total"]["amount"] == 1000


async def test_unknown_product_is_refused(alice: AsyncClient) -> None:
    """An unknown product answers 404 and is not stored."""
    assert (await alice.put("/v1/cart/items/NONE", json={"quantity": 1})).status_code == 404
    assert (await alice.get("/v1/cart")).json()["items"] == []


async def test_cart_holds_fifty_items(alice: AsyncClient) -> None:
    """A 51st item is refused, while the quantities of existing items can still change."""
    for number in range(50):
        await alice.put(f"/v1/cart/items/SKU-{number:02}", json={"quantity": 1})
    refused = await alice.put("/v1/cart/items/SKU-50", json={"quantity": 1})
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:problem:validation")
    assert (await alice.put("/v1/cart/items/SKU-49", json={"quantity": 5})).status_code == 200


@pytest.mark.parametrize("quantity", [0, 1001, -1, 1.5, "2", True, None])
async def test_quantity_must_be_between_1_and_1000(alice: AsyncClient, quantity: object) -> None:
    """Any other quantity is refused with a pointer to the field."""
    refused = await alice.put("/v1/cart/items/SKU-01", json={"quantity": quantity})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/quantity")


async def test_carts_are_private(carts: Carts, serve: Serve) -> None:
    """Users read and empty only their own carts; anonymous callers are refused."""
    caller = serve(router(carts))
    alice, bob, stranger = caller("alice"), caller("bob"), caller("")
    await alice.put("/v1/cart/items/SKU-01", json={"quantity": 1})
    await bob.delete("/v1/cart")
    assert (await bob.get("/v1/cart")).json()["items"] == []
    assert len((await alice.get("/v1/cart")).json()["items"]) == 1
    assert (await stranger.get("/v1/cart")).status_code == 401


async def test_concurrent_requests_add_an_item_once(carts: Carts) -> None:
    """All concurrent requests succeed, and one of their quantities is stored."""
    await asyncio.gather(*(carts.put(ALICE, "SKU-01", quantity) for quantity in range(1, 7)))
    assert (await carts.items(ALICE)).keys() == {"SKU-01"}


async def test_concurrent_requests_fill_a_cart_up_to_fifty_items(carts: Carts) -> None:
    """Requests that add different items at once do not exceed the limit together."""
    for number in range(45):
        await carts.put(ALICE, f"SKU-{number:02}", 1)
    added = (carts.put(ALICE, f"SKU-{number:02}", 1) for number in range(45, 60))
    outcomes = await asyncio.gather(*added, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [CartIsFull] * 10
    assert len(await carts.items(ALICE)) == 50


async def test_only_ordered_items_are_removed(carts: Carts, database: Database) -> None:
    """Ordered items are removed in the transaction of the order; other items stay."""
    await carts.put(ALICE, "SKU-01", 1)
    await carts.put(ALICE, "SKU-02", 1)
    async with database.transaction() as transaction:
        await carts.remove(transaction, ALICE, ["SKU-01"])
    assert (await carts.items(ALICE)).keys() == {"SKU-02"}


async def test_items_changed_since_they_were_ordered_are_not_removed(
    carts: Carts, database: Database
) -> None:
    """Every PUT gives an item a new revision, even with the same quantity."""
    for sku in ("SKU-01", "SKU-02", "SKU-03"):
        await carts.put(ALICE, sku, 1)
    ordered = {sku: item.revision for sku, item in (await carts.items(ALICE)).items()}
    await carts.put(ALICE, "SKU-01", 1)
    await carts.remove_one(ALICE, "SKU-02")
    await carts.put(ALICE, "SKU-02", 1)
    await carts.put(ALICE, "SKU-04", 1)
    for _ in range(2):
        async with database.transaction() as transaction:
            await carts.remove_revisions(transaction, ALICE, ordered)
        assert (await carts.items(ALICE)).keys() == {"SKU-01", "SKU-02", "SKU-04"}
