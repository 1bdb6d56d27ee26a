"""Cursor paging of products and orders: each item appears exactly once while the lists grow."""

from __future__ import annotations

import pytest

from .client import ShopClient, User
from .conventions import assert_problem
from .paging import walk
from .seeder import VISIBLE_SECONDS, Seeder, assert_eventually


@pytest.fixture(scope="module")
def category(seeder: Seeder, shop: ShopClient) -> str:
    """Category of seven products."""
    name = seeder.name()
    for _ in range(7):
        seeder.product(category=name, stock=None)
    query = {"category": name}
    assert_eventually(lambda: len(shop.get("/v1/products", params=query).json()["items"]), 7, VISIBLE_SECONDS)
    return name


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8, 100])
def test_pages_of_any_size_hold_every_product_once_by_sku(
    shop: ShopClient, category: str, limit: int
) -> None:
    """All pages together contain each product once, whether or not the last page is full.

    Pagination: every page had the content of the first (woocommerce/woocommerce#34946).
    """
    skus = [product["sku"] for product in walk(shop, "/v1/products", limit, {"category": category})]
    assert len(skus) == 7
    assert skus == sorted(set(skus))


def test_search_is_kept_while_paging(shop: ShopClient, seeder: Seeder) -> None:
    """A cursor continues the same search, including `q`."""
    word = seeder.name()
    skus = [seeder.product(name=f"{word} {number}", stock=None) for number in range(3)]
    assert_eventually(lambda: len(walk(shop, "/v1/products", 100, {"q": word})), 3, VISIBLE_SECONDS)
    assert [product["sku"] for product in walk(shop, "/v1/products", 2, {"q": word})] == skus


def test_products_created_while_paging_shift_nothing(shop: ShopClient, seeder: Seeder) -> None:
    """Paging through a growing catalog shows each existing product exactly once."""
    category, prefix = seeder.name(), seeder.name()
    there = [f"{prefix}-{number}0" for number in range(1, 7)]
    for sku in there:
        seeder.product(sku=sku, category=category, stock=None)
    assert_eventually(
        lambda: len(walk(shop, "/v1/products", 100, {"category": category})), 6, VISIBLE_SECONDS
    )
    arrivals = iter(f"{prefix}-{number}" for number in ("05", "15", "35", "55", "99"))

    def grow() -> None:
        if sku := next(arrivals, None):
            seeder.product(sku=sku, category=category, stock=None)

    seen = [product["sku"] for product in walk(shop, "/v1/products", 2, {"category": category}, grow)]
    assert [sku for sku in seen if sku in there] == there
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("limit", ["", "0", "101", "-1", "x", "1.5", "2.0", "+2", " 2", "1_0", "٢", "9" * 30])
def test_page_size_is_1_to_100(shop: ShopClient, limit: str) -> None:
    """A page size that is out of range is refused, not adjusted.

    Internal error: the page size was 0, or huge (spree/spree#10750).
    """
    assert_problem(shop.get("/v1/products", params={"limit": limit}), 422, "validation")


def test_last_of_repeated_parameters_counts(shop: ShopClient, category: str) -> None:
    """A parameter that a query repeats has its last value."""
    query = f"limit=x&limit=2&category=other&category={category}"
    assert len(shop.get(f"/v1/products?{query}").json()["items"]) == 2
    assert_problem(shop.get("/v1/products?limit=2&limit=x"), 422, "validation")


def test_page_holds_twenty_by_default(shop: ShopClient, seeder: Seeder) -> None:
    """A page has 20 items if no limit is given."""
    category = seeder.name()
    for _ in range(21):
        seeder.product(category=category, stock=None)
    query = {"category": category}
    assert_eventually(lambda: len(walk(shop, "/v1/products", 100, query)), 21, VISIBLE_SECONDS)
    page = shop.get("/v1/products", params=query).json()
    assert len(page["items"]) == 20
    assert page["next_cursor"] is not None


@pytest.mark.parametrize("cursor", ["x", "!!!", "AAAA", "eyJ9", "\u0000", "é", "' OR 1=1", "a" * 120])
def test_forged_cursor_is_refused(shop: ShopClient, alice: User, cursor: str) -> None:
    """A cursor that the shop did not issue is refused with 400 by each list.

    Internal error: a negative offset reached the database (medusajs/medusa#9432).
    """
    assert_problem(shop.get("/v1/products", params={"cursor": cursor}), 400, "bad-cursor")
    assert_problem(alice.get("/v1/orders", params={"cursor": cursor}), 400, "bad-cursor")


@pytest.mark.parametrize("changed", ["{}=", "{}==", "={}", "{}.", "{} "])
def test_changed_cursor_is_refused(shop: ShopClient, category: str, changed: str) -> None:
    """A cursor is taken as it was given, and not decoded to the same place from another text."""
    cursor = shop.get("/v1/products", params={"category": category, "limit": 1}).json()["next_cursor"]
    assert_problem(shop.get("/v1/products", params={"cursor": changed.format(cursor)}), 400, "bad-cursor")


def test_orders_are_listed_newest_first_once_each(seeder: Seeder) -> None:
    """All pages together list each order once, newest first."""
    user, sku = seeder.customer(balance=10_000), seeder.product(price=1)
    placed = [user.order({sku: 1})["id"] for _ in range(5)]
    for limit in (1, 2, 5, 100):
        assert_eventually(lambda: [order["id"] for order in walk(user, "/v1/orders", limit)], placed[::-1])  # noqa: B023
    kept = len(placed)
    seen = walk(user, "/v1/orders", 2, between=lambda: placed.append(user.order({sku: 1})["id"]))
    ids = [order["id"] for order in seen]
    assert [each for each in ids if each in placed[:kept]] == placed[:kept][::-1]
    assert len(ids) == len(set(ids))
