"""Catalog: entity tags, conditional reads and conditional changes."""

from __future__ import annotations

import pytest

from .client import ShopClient
from .conventions import assert_problem
from .seeder import VISIBLE_SECONDS, Seeder, assert_eventually
from .simultaneous import send_simultaneously


@pytest.fixture(scope="module")
def sku(seeder: Seeder, shop: ShopClient) -> str:
    """SKU of a visible product that stays at version 1."""
    made = seeder.product(stock=None)
    assert_eventually(lambda: shop.get(f"/v1/products/{made}").status_code, 200, VISIBLE_SECONDS)
    return made


def test_product_carries_its_version_as_entity_tag(shop: ShopClient, sku: str) -> None:
    """The entity tag is the version, and caches may store a product for two seconds."""
    response = shop.get(f"/v1/products/{sku}")
    assert response.headers["etag"] == '"1"'
    assert response.headers["cache-control"] == "public, max-age=2"


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', '"0", "1"', "*"])
def test_matching_tag_is_not_modified(shop: ShopClient, sku: str, tag: str) -> None:
    """A matching tag gets 304 without a body; tags are compared weakly (RFC 9110, 13.1.2)."""
    response = shop.get(f"/v1/products/{sku}", headers={"If-None-Match": tag})
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["etag"].removeprefix("W/") == '"1"'
    assert response.headers["cache-control"] == "public, max-age=2"


@pytest.mark.parametrize("tag", ['"0"', '"11"', '""', "1x", 'W/"2"'])
def test_other_tag_reads_the_product(shop: ShopClient, sku: str, tag: str) -> None:
    """A tag that does not match gets the product."""
    response = shop.get(f"/v1/products/{sku}", headers={"If-None-Match": tag})
    assert (response.status_code, response.json()["sku"]) == (200, sku)


def test_list_has_a_tag_that_changes_with_it(shop: ShopClient, seeder: Seeder) -> None:
    """The tag of a list gets 304 until a product on the list changes."""
    category = seeder.name()
    sku = seeder.product(stock=None, category=category)
    query = {"category": category}
    assert_eventually(lambda: len(shop.get("/v1/products", params=query).json()["items"]), 1, VISIBLE_SECONDS)
    first = shop.get("/v1/products", params=query)
    assert first.headers["cache-control"] == "public, max-age=2"
    tag = {"If-None-Match": first.headers["etag"]}
    assert shop.get("/v1/products", params=query, headers=tag).status_code == 304
    assert seeder.admin.patch(f"/v1/products/{sku}", json={"name": "changed"}).status_code == 200
    assert_eventually(
        lambda: shop.get("/v1/products", params=query, headers=tag).status_code, 200, VISIBLE_SECONDS
    )


def test_tag_changes_with_the_product(shop: ShopClient, seeder: Seeder) -> None:
    """After a change, the old tag gets the new product."""
    path = f"/v1/products/{seeder.product(stock=None)}"
    changed = seeder.admin.patch(path, json={"name": "changed"})
    assert changed.headers["etag"] == '"2"'
    assert_eventually(
        lambda: shop.get(path, headers={"If-None-Match": '"1"'}).status_code, 200, VISIBLE_SECONDS
    )
    assert_eventually(lambda: shop.get(path).headers["etag"], '"2"', VISIBLE_SECONDS)


def test_change_with_the_current_version_is_made(seeder: Seeder) -> None:
    """A change is accepted if If-Match has the current version."""
    path = f"/v1/products/{seeder.product(stock=None)}"
    response = seeder.admin.patch(path, json={"name": "two"}, headers={"If-Match": '"1"'})
    assert (response.status_code, response.json()["version"]) == (200, 2)
    response = seeder.admin.patch(path, json={"name": "three"}, headers={"If-Match": '"2"'})
    assert (response.status_code, response.json()["version"]) == (200, 3)


def test_change_with_an_old_version_changes_nothing(seeder: Seeder) -> None:
    """A change with an outdated version in If-Match is refused with 412 and changes nothing.

    Lost update: the second of two people who edited a record overwrote the first without a word
    (open-mercato/open-mercato#1981).
    """
    path = f"/v1/products/{seeder.product(stock=None)}"
    assert seeder.admin.patch(path, json={"name": "newer"}).status_code == 200
    stale = seeder.admin.patch(path, json={"name": "lost"}, headers={"If-Match": '"1"'})
    assert_problem(stale, 412, "version-mismatch")
    assert_eventually(lambda: seeder.admin.get(path).json()["name"], "newer", VISIBLE_SECONDS)


def test_one_of_many_changes_of_the_same_version_wins(seeder: Seeder) -> None:
    """Of eight simultaneous changes of version 1, one succeeds and seven are refused; none is lost."""
    path = f"/v1/products/{seeder.product(stock=None)}"
    edits = [
        seeder.admin.build("PATCH", path, json={"name": f"edit {number}"}, headers={"If-Match": '"1"'})
        for number in range(8)
    ]
    assert (
        sorted(answer.status_code for answer in send_simultaneously(seeder.admin, edits)) == [200] + [412] * 7
    )
    assert_eventually(lambda: seeder.admin.get(path).json()["version"], 2, VISIBLE_SECONDS)
