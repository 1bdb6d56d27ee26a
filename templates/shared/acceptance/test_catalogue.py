"""Catalogue: products, search, and what the administrator changes."""

from __future__ import annotations

from typing import Any

import pytest

from .caller import Caller
from .conventions import assert_invalid, assert_problem
from .market import VISIBLE_SECONDS, Market, comes_to


def found(shop: Caller, **query: Any) -> list[str]:
    """SKUs on the first page of a search."""
    response = shop.get("/v1/products", params={"limit": 100, **query})
    assert response.status_code == 200, response.text
    return [product["sku"] for product in response.json()["items"]]


def test_created_product_is_read_by_anyone(shop: Caller, market: Market) -> None:
    """POST answers 201 with the product and its Location; anybody reads it there."""
    draft = market.draft()
    response = market.admin.post("/v1/products", json=draft)
    assert response.status_code == 201, response.text
    assert response.json() == {**draft, "version": 1}
    assert response.headers["location"].endswith(f"/v1/products/{draft['sku']}")
    comes_to(
        lambda: shop.get(f"/v1/products/{draft['sku']}").json(), {**draft, "version": 1}, VISIBLE_SECONDS
    )


def test_sku_is_taken_once(market: Market) -> None:
    """A second product with a SKU is refused and the first one stays."""
    sku = market.product(name="first")
    assert_problem(market.admin.post("/v1/products", json=market.draft(sku=sku, name="2")), 409, "sku-taken")
    comes_to(lambda: market.admin.get(f"/v1/products/{sku}").json()["name"], "first", VISIBLE_SECONDS)


@pytest.mark.parametrize("sku", ["", "-a", ".a", "_a", "a b", "a/b", "ä", "a" * 65, "a\n", 5, None])
def test_sku_must_match_its_pattern(market: Market, sku: object) -> None:
    """A SKU is safe in a path: letters, digits, dot, underscore, hyphen."""
    assert_invalid(market.admin.post("/v1/products", json=market.draft(sku=sku)), "/sku")


@pytest.mark.parametrize("amount", [-1, 1.5, "1000", True, None, 10**30])
def test_price_is_whole_minor_units(market: Market, amount: object) -> None:
    """Money is never a float, a string or a boolean."""
    price = {"amount": amount, "currency": market.currency}
    assert_invalid(market.admin.post("/v1/products", json=market.draft(price=price)), "/price/amount")


@pytest.mark.parametrize("currency", ["XXX", "eur", "", "EURO", 978])
def test_shop_has_one_currency(market: Market, currency: object) -> None:
    """A price in another currency is refused."""
    price = {"amount": 1000, "currency": currency}
    response = market.admin.post("/v1/products", json=market.draft(price=price))
    assert_problem(response, 422, "validation")


def test_unknown_product_is_not_found(shop: Caller, market: Market) -> None:
    """404 in the form of a problem."""
    assert_problem(shop.get(f"/v1/products/{market.name()}"), 404, "not-found")


def test_product_that_was_missing_is_found_once_made(shop: Caller, market: Market) -> None:
    """A 404 is not remembered for long: the product appears within 5 seconds."""
    draft = market.draft()
    assert shop.get(f"/v1/products/{draft['sku']}").status_code == 404
    assert market.admin.post("/v1/products", json=draft).status_code == 201
    comes_to(lambda: shop.get(f"/v1/products/{draft['sku']}").status_code, 200, VISIBLE_SECONDS)


def test_search_finds_part_of_a_name_in_any_case(shop: Caller, market: Market) -> None:
    """`q` is a case-insensitive part of the name."""
    word = market.name()
    sku = market.product(name=f"Blue {word} Chair", stock=None)
    comes_to(lambda: found(shop, q=word.lower()), [sku], VISIBLE_SECONDS)
    assert found(shop, q=f"{word.upper()} ch") == [sku]
    assert found(shop, q=f"{word} table") == []


@pytest.mark.parametrize(
    "wildcard", ["%", "_", "\\", "'", '"', "*", "' OR '1'='1", "); DROP TABLE product;--"]
)
def test_search_has_no_wildcards(shop: Caller, market: Market, wildcard: str) -> None:
    """What means something to SQL means itself in a search."""
    word = market.name()
    plain = market.product(name=f"{word} plain", stock=None)
    odd = market.product(name=f"{word} odd {wildcard}", stock=None)
    comes_to(lambda: found(shop, q=word), [plain, odd], VISIBLE_SECONDS)
    assert found(shop, q=f"odd {wildcard}", category="things").count(odd) == 1
    assert plain not in found(shop, q=f"{word} {wildcard}")


def test_category_is_matched_whole(shop: Caller, market: Market) -> None:
    """`category` selects, alone and together with `q`."""
    category = market.name()
    chair = market.product(name="Chair", category=category, stock=None)
    table = market.product(name="Table", category=category, stock=None)
    comes_to(lambda: found(shop, category=category), [chair, table], VISIBLE_SECONDS)
    assert found(shop, category=category, q="TAB") == [table]
    assert found(shop, category=category[:-1]) == []


def test_text_comes_back_as_it_was_sent(shop: Caller, market: Market) -> None:
    """Unicode and SQL metacharacters survive the round trip."""
    text = "Größe 测试 🛒 e\u0301 'quoted' \"double\" \\ % _ ; -- <b>"
    sku = market.product(name=text, description=text, stock=None)
    comes_to(lambda: shop.get(f"/v1/products/{sku}").status_code, 200, VISIBLE_SECONDS)
    product = shop.get(f"/v1/products/{sku}").json()
    assert (product["name"], product["description"]) == (text, text)


def test_change_is_seen_by_readers_and_lists(shop: Caller, market: Market) -> None:
    """A PATCH changes what it names, grows the version, and is read within 5 seconds."""
    sku = market.product(stock=None, name="old")
    before = shop.get(f"/v1/products/{sku}").json()
    word = market.name()
    response = market.admin.patch(f"/v1/products/{sku}", json={"name": f"new {word}"})
    after = {**before, "name": f"new {word}", "version": 2}
    assert (response.status_code, response.json()) == (200, after)
    comes_to(lambda: shop.get(f"/v1/products/{sku}").json(), after, VISIBLE_SECONDS)
    comes_to(lambda: found(shop, q=word), [sku], VISIBLE_SECONDS)


def test_change_of_an_unknown_product_is_not_found(market: Market) -> None:
    """PATCH creates nothing."""
    assert_problem(market.admin.patch(f"/v1/products/{market.name()}", json={"name": "x"}), 404, "not-found")


def test_sku_cannot_be_changed(market: Market) -> None:
    """The SKU is the identity of a product, the version is the shop's."""
    path = f"/v1/products/{market.product(stock=None)}"
    assert_invalid(market.admin.patch(path, json={"sku": market.name()}), "/sku")
    assert_invalid(market.admin.patch(path, json={"version": 7}), "/version")
    assert_invalid(market.admin.patch(path, json={"price": market.money(-1)}), "/price/amount")
