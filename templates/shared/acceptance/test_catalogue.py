"""Catalog: products, search, and changes by the administrator."""

from __future__ import annotations

from typing import Any

import pytest

from .client import ShopClient
from .conventions import assert_invalid, assert_problem
from .seeder import VISIBLE_SECONDS, Seeder, assert_eventually


def found(shop: ShopClient, **query: Any) -> list[str]:
    """Return the SKUs on the first page of a search."""
    response = shop.get("/v1/products", params={"limit": 100, **query})
    assert response.status_code == 200, response.text
    return [product["sku"] for product in response.json()["items"]]


def test_created_product_is_read_by_anyone(shop: ShopClient, seeder: Seeder) -> None:
    """POST returns 201 with the product and its Location, where anyone can read it."""
    draft = seeder.draft()
    response = seeder.admin.post("/v1/products", json=draft)
    assert response.status_code == 201, response.text
    assert response.json() == {**draft, "version": 1}
    assert response.headers["location"].endswith(f"/v1/products/{draft['sku']}")
    assert_eventually(
        lambda: shop.get(f"/v1/products/{draft['sku']}").json(), {**draft, "version": 1}, VISIBLE_SECONDS
    )


def test_sku_is_taken_once(seeder: Seeder) -> None:
    """A second product with the same SKU is refused, and the first does not change."""
    sku = seeder.product(name="first")
    assert_problem(seeder.admin.post("/v1/products", json=seeder.draft(sku=sku, name="2")), 409, "sku-taken")
    assert_eventually(
        lambda: seeder.admin.get(f"/v1/products/{sku}").json()["name"], "first", VISIBLE_SECONDS
    )


@pytest.mark.parametrize(
    "sku", ["", "-a", ".a", "_a", "a b", " a", "a ", "a/b", "a+b", "ä", "a" * 65, "a\n", 5, None]
)
def test_sku_must_match_its_pattern(seeder: Seeder, sku: object) -> None:
    """A SKU consists of letters, digits, dots, underscores and hyphens, so it is safe in a path.

    SKU with spaces: SKUs that differed only in spaces around them became duplicates
    (magento/magento2#10080).
    SKU in a path: a product whose SKU has a slash could not be read (magento/magento2#8615,
    woocommerce/woocommerce#7592).
    SKU in a path: a plus sign in a SKU was read as a space (magento/magento2#23043).
    """
    assert_invalid(seeder.admin.post("/v1/products", json=seeder.draft(sku=sku)), "/sku")


@pytest.mark.parametrize("amount", [-1, 1.5, "1000", True, None, 10**30])
def test_price_is_whole_minor_units(seeder: Seeder, amount: object) -> None:
    """An amount of money that is a float, a string or a boolean is refused."""
    price = {"amount": amount, "currency": seeder.currency}
    assert_invalid(seeder.admin.post("/v1/products", json=seeder.draft(price=price)), "/price/amount")


@pytest.mark.parametrize("currency", ["XXX", "eur", "", "EURO", 978])
def test_shop_has_one_currency(seeder: Seeder, currency: object) -> None:
    """A price in another currency is refused."""
    price = {"amount": 1000, "currency": currency}
    response = seeder.admin.post("/v1/products", json=seeder.draft(price=price))
    assert_problem(response, 422, "validation")


def test_unknown_product_is_not_found(shop: ShopClient, seeder: Seeder) -> None:
    """An unknown product is answered with a 404 problem document."""
    assert_problem(shop.get(f"/v1/products/{seeder.name()}"), 404, "not-found")


def test_missing_product_is_found_after_its_creation(shop: ShopClient, seeder: Seeder) -> None:
    """A cached 404 expires: a created product appears within 5 seconds."""
    draft = seeder.draft()
    assert shop.get(f"/v1/products/{draft['sku']}").status_code == 404
    assert seeder.admin.post("/v1/products", json=draft).status_code == 201
    assert_eventually(lambda: shop.get(f"/v1/products/{draft['sku']}").status_code, 200, VISIBLE_SECONDS)


def test_search_finds_part_of_a_name_in_any_case(shop: ShopClient, seeder: Seeder) -> None:
    """`q` matches any part of the name, ignoring case."""
    word = seeder.name()
    sku = seeder.product(name=f"Blue {word} Chair", stock=None)
    assert_eventually(lambda: found(shop, q=word.lower()), [sku], VISIBLE_SECONDS)
    assert found(shop, q=f"{word.upper()} ch") == [sku]
    assert found(shop, q=f"{word} table") == []


@pytest.mark.parametrize(
    "wildcard", ["%", "_", "\\", "'", '"', "*", "&", "' OR '1'='1", "); DROP TABLE product;--"]
)
def test_search_has_no_wildcards(shop: ShopClient, seeder: Seeder, wildcard: str) -> None:
    """SQL wildcards match only themselves in a search.

    Search: `%` and `_` matched every product (macrozheng/mall#175).
    Search: an apostrophe was an SQL error (woocommerce/woocommerce-admin#3758).
    Search: names with an ampersand were not found (bagisto/bagisto#4094).
    """
    word = seeder.name()
    plain = seeder.product(name=f"{word} plain", stock=None)
    odd = seeder.product(name=f"{word} odd {wildcard}", stock=None)
    assert_eventually(lambda: found(shop, q=word), [plain, odd], VISIBLE_SECONDS)
    assert found(shop, q=f"odd {wildcard}", category="things").count(odd) == 1
    assert plain not in found(shop, q=f"{word} {wildcard}")


def test_category_is_matched_whole(shop: ShopClient, seeder: Seeder) -> None:
    """`category` filters by the exact category, alone and together with `q`."""
    category = seeder.name()
    chair = seeder.product(name="Chair", category=category, stock=None)
    table = seeder.product(name="Table", category=category, stock=None)
    assert_eventually(lambda: found(shop, category=category), [chair, table], VISIBLE_SECONDS)
    assert found(shop, category=category, q="TAB") == [table]
    assert found(shop, category=category[:-1]) == []


def test_text_is_returned_unchanged(shop: ShopClient, seeder: Seeder) -> None:
    """Unicode and SQL metacharacters are stored and returned unchanged.

    Unicode: the database refused characters beyond 16 bits, such as emoji (craftcms/shopify#107).
    Unicode: a text was cut off at an emoji, and the cart with it was empty (magento/magento2#12058).
    """
    text = "Größe 测试 🛒 e\u0301 'quoted' \"double\" \\ % _ ; -- <b>"
    sku = seeder.product(name=text, description=text, stock=None)
    assert_eventually(lambda: shop.get(f"/v1/products/{sku}").status_code, 200, VISIBLE_SECONDS)
    product = shop.get(f"/v1/products/{sku}").json()
    assert (product["name"], product["description"]) == (text, text)


def test_change_is_seen_by_readers_and_lists(shop: ShopClient, seeder: Seeder) -> None:
    """A PATCH changes the given fields, increments the version, and is visible within 5 seconds."""
    sku = seeder.product(stock=None, name="old")
    before = shop.get(f"/v1/products/{sku}").json()
    word = seeder.name()
    response = seeder.admin.patch(f"/v1/products/{sku}", json={"name": f"new {word}"})
    after = {**before, "name": f"new {word}", "version": 2}
    assert (response.status_code, response.json()) == (200, after)
    assert_eventually(lambda: shop.get(f"/v1/products/{sku}").json(), after, VISIBLE_SECONDS)
    assert_eventually(lambda: found(shop, q=word), [sku], VISIBLE_SECONDS)


def test_change_of_an_unknown_product_is_not_found(seeder: Seeder) -> None:
    """PATCH of an unknown product is refused with 404."""
    assert_problem(seeder.admin.patch(f"/v1/products/{seeder.name()}", json={"name": "x"}), 404, "not-found")


def test_change_without_a_value_is_refused(seeder: Seeder) -> None:
    """A PATCH of nothing is refused, and so is null, which no property can be."""
    path = f"/v1/products/{seeder.product(stock=None)}"
    assert_invalid(seeder.admin.patch(path, json={}), "")
    for name in ("name", "description", "category", "price"):
        assert_invalid(seeder.admin.patch(path, json={"name": "x", name: None}), f"/{name}")


def test_sku_cannot_be_changed(seeder: Seeder) -> None:
    """A PATCH cannot change the SKU or the version."""
    path = f"/v1/products/{seeder.product(stock=None)}"
    assert_invalid(seeder.admin.patch(path, json={"sku": seeder.name()}), "/sku")
    assert_invalid(seeder.admin.patch(path, json={"version": 7}), "/version")
    assert_invalid(seeder.admin.patch(path, json={"price": seeder.money(-1)}), "/price/amount")
