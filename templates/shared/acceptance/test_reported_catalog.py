"""Bug reports of other shops, replayed: the catalog and the form of its requests."""

from __future__ import annotations

from typing import Any

import pytest

from .client import ShopClient, User
from .conventions import assert_problem
from .seeder import VISIBLE_SECONDS, Seeder, assert_eventually


def found(shop: ShopClient, **query: str) -> list[str]:
    """Return the SKUs that a search finds."""
    response = shop.get("/v1/products", params={**query, "limit": "100"})
    assert response.status_code == 200, response.text
    return [product["sku"] for product in response.json()["items"]]


def test_skus_that_differ_in_case_are_different_products(alice: User, seeder: Seeder) -> None:
    """Two SKUs that differ only in case are two products, with their own names and stock.

    Case of SKUs: some queries folded the case of a SKU, and others did not
    (magento-engcom/import-export-improvements#118).
    """
    upper = f"{seeder.name()}-M"
    lower = upper.lower()
    for sku, stock in ((upper, 5), (lower, 9)):
        assert seeder.product(sku=sku, name=f"Size {sku}", stock=stock) == sku
    assert alice.order({upper: 2})["state"] == "CONFIRMED"
    assert_eventually(lambda: (seeder.stock(upper), seeder.stock(lower)), ((3, 0), (9, 0)))
    for sku in (upper, lower):
        assert_eventually(
            lambda: alice.get(f"/v1/products/{sku}").json().get("name"),  # noqa: B023
            f"Size {sku}",
            VISIBLE_SECONDS,
        )


def test_category_is_matched_to_the_letter(shop: ShopClient, seeder: Seeder) -> None:
    """Categories that differ in case, in an accent or in a space are different categories.

    Case of names: a product attribute of another case was taken for the same
    (avstudnitz/AvS_FastSimpleImport#291).
    """
    word = seeder.name()
    names = [f"{word} Jose", f"{word} JOSE", f"{word} José", f"{word} Jose ", f"{word}  Jose"]
    products = {name: seeder.product(category=name, stock=None) for name in names}
    for name, sku in products.items():
        assert_eventually(lambda: found(shop, category=name), [sku], VISIBLE_SECONDS)  # noqa: B023


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Müller", "MÜLLER"),
        ("ÅKER", "åker"),
        ("Обувь", "ОБУВЬ"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("Straße", "STRASSE"),
        ("Cafe\u0301", "CAFÉ"),
    ],
)
def test_search_ignores_the_case_of_any_alphabet(
    shop: ShopClient, seeder: Seeder, name: str, query: str
) -> None:
    """A search ignores case beyond ASCII, and a category in another alphabet filters like any other.

    Unicode search: a search with an umlaut failed (shopware/shopware#1963).
    Unicode search: a filter with Cyrillic letters found nothing (woocommerce/woocommerce#33971).
    """
    word = seeder.name()
    sku = seeder.product(name=f"{word} {name}", category=f"{word} {name}", stock=None)
    assert_eventually(lambda: found(shop, q=f"{word} {query}"), [sku], VISIBLE_SECONDS)
    assert found(shop, q=f"{word} {name}") == [sku]
    assert_eventually(lambda: found(shop, category=f"{word} {name}"), [sku], VISIBLE_SECONDS)


def test_new_price_is_shown_by_product_and_list(shop: ShopClient, seeder: Seeder) -> None:
    """A new price is in the answer to the change, and within 5 seconds in the product and its list.

    Stale cache: the answer to the change still had the old price (medusajs/medusa#3503).
    Stale cache: the list had the old price for minutes (spree/spree#9014).
    """
    category = seeder.name()
    sku = seeder.product(price=100, category=category, stock=None)
    listing = {"params": {"category": category}}
    assert_eventually(lambda: found(shop, category=category), [sku], VISIBLE_SECONDS)
    assert shop.get(f"/v1/products/{sku}").json()["price"] == seeder.money(100)
    changed = seeder.admin.patch(f"/v1/products/{sku}", json={"price": seeder.money(250)})
    assert changed.json()["price"] == seeder.money(250)

    def shown() -> list[Any]:
        product, page = shop.get(f"/v1/products/{sku}"), shop.get("/v1/products", **listing)
        return [product.json()["price"], page.json()["items"][0]["price"]]

    assert_eventually(shown, [seeder.money(250)] * 2, VISIBLE_SECONDS)


def test_last_of_many_changes_stays(shop: ShopClient, seeder: Seeder) -> None:
    """After a quick series of changes, readers see the last one.

    Events out of order: the older of two price changes could be applied after the newer one
    (dotnet-architecture/eShopOnContainers#1765).
    """
    sku = seeder.product(price=1, stock=None)
    for price in range(2, 12):
        response = seeder.admin.patch(f"/v1/products/{sku}", json={"price": seeder.money(price)})
        assert response.status_code == 200, response.text
        shop.get(f"/v1/products/{sku}")

    def shown() -> tuple[Any, Any]:
        product = shop.get(f"/v1/products/{sku}").json()
        return product["price"]["amount"], product["version"]

    assert_eventually(shown, (11, 11), VISIBLE_SECONDS)


@pytest.mark.parametrize("path", ["/v1/products", "/v1/products/{sku}"])
def test_head_has_the_headers_of_get(shop: ShopClient, seeder: Seeder, path: str) -> None:
    """HEAD gets the status and the headers of GET, without a body (RFC 9110, 9.3.2).

    Method: HEAD was answered with 404, which broke caches and monitors
    (evershopcommerce/evershop#935).
    """
    category = seeder.name()
    sku = seeder.product(category=category, stock=None)
    assert_eventually(lambda: found(shop, category=category), [sku], VISIBLE_SECONDS)
    target, query = path.format(sku=sku), {"category": category} if path == "/v1/products" else {}
    head, get = (shop.request(method, target, params=query) for method in ("HEAD", "GET"))
    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "cache-control", "content-type"):
        assert head.headers[name] == get.headers[name]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/orders", {"items": ""}),
        ("/v1/orders", {"items": [""]}),
        ("/v1/orders", {"items": [[]]}),
        ("/v1/orders", {"items": {"sku": "x", "quantity": 1}}),
        ("/v1/products", {"price": ""}),
        ("/v1/products", {"price": [1, "EUR"]}),
        ("/v1/wallet/top-ups", {"user_id": {}, "amount": 1}),
    ],
)
def test_text_in_place_of_an_object_is_invalid(seeder: Seeder, path: str, body: Any) -> None:
    """A text, a number or a list where the body needs an object is refused as invalid.

    Internal error: an empty text stood in place of an object (magento/magento2#31551).
    """
    content = {**seeder.draft(), **body} if path == "/v1/products" else body
    response = seeder.admin.post(path, json=content, headers={"Idempotency-Key": seeder.name()})
    assert_problem(response, 422, "validation")
