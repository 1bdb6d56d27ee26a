"""Tests of the catalog's API."""

from typing import Any

import pytest
from httpx2 import AsyncClient, Response

from chassis.cache import Cache
from chassis.cache.store import NoStore
from chassis.db.database import Database
from chassis.testing import Serve

from ..api import router
from ..service import Catalog

CHAIR = {
    "sku": "CHAIR",
    "name": "Chair",
    "description": "To sit on.",
    "category": "chairs",
    "price": {"amount": 1999, "currency": "EUR"},
}


@pytest.fixture
def admin(database: Database, serve: Serve) -> AsyncClient:
    """A client signed in as administrator of an empty catalog."""
    return serve(router(Catalog(database, Cache(NoStore()), "EUR"), "EUR"))("admin")


def problem(response: Response) -> tuple[int, str, list[str]]:
    """Return the status, code and pointers of a problem response."""
    body = response.json()
    pointers = [error["pointer"] for error in body.get("errors", [])]
    return response.status_code, body["type"].removeprefix("urn:problem:"), pointers


async def test_product_is_created_and_read(admin: AsyncClient) -> None:
    """A new product has a location and an entity tag; anybody may read it and cache it for two seconds."""
    made = await admin.post("/v1/products", json=CHAIR)
    assert (made.status_code, made.json()) == (201, {**CHAIR, "version": 1})
    assert (made.headers["location"], made.headers["etag"]) == ("/v1/products/CHAIR", '"1"')
    read = await admin.get("/v1/products/CHAIR", headers={"Authorization": ""})
    assert (read.status_code, read.json()) == (200, made.json())
    assert (read.headers["cache-control"], read.headers["etag"]) == ("public, max-age=2", '"1"')
    assert problem(await admin.post("/v1/products", json=CHAIR)) == (409, "sku-taken", [])


@pytest.mark.parametrize("path", ["/v1/products/CHAIR", "/v1/products?category=chairs", "/v1/products"])
async def test_known_version_is_not_sent_again(admin: AsyncClient, path: str) -> None:
    """A matching If-None-Match answers 304, for products and lists, until something changes."""
    await admin.post("/v1/products", json=CHAIR)
    tag = {"If-None-Match": (await admin.get(path)).headers["etag"]}
    same = await admin.get(path, headers=tag)
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag["If-None-Match"])
    await admin.patch("/v1/products/CHAIR", json={"name": "Stool"})
    assert (await admin.get(path, headers=tag)).status_code == 200


async def test_patch_changes_only_the_given_properties(admin: AsyncClient) -> None:
    """If-Match makes a change conditional on a version."""
    await admin.post("/v1/products", json=CHAIR)
    price = {"amount": 5, "currency": "EUR"}
    changed = await admin.patch("/v1/products/CHAIR", json={"price": price}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()) == (200, {**CHAIR, "price": price, "version": 2})
    assert changed.headers["etag"] == '"2"'
    late = await admin.patch("/v1/products/CHAIR", json={"name": "x"}, headers={"If-Match": '"1"'})
    assert problem(late) == (412, "version-mismatch", [])
    assert problem(await admin.patch("/v1/products/NONE", json={"name": "x"})) == (404, "not-found", [])


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("sku", "-a", "/sku"),
        ("sku", "a\n", "/sku"),
        ("name", "", "/name"),
        ("name", "nul \0", "/name"),
        ("name", None, "/name"),
        ("category", 5, "/category"),
        ("price", {"amount": -1, "currency": "EUR"}, "/price/amount"),
        ("price", {"amount": "1", "currency": "EUR"}, "/price/amount"),
        ("price", {"amount": 1, "currency": "USD"}, "/price/currency"),
        ("version", 7, "/version"),
    ],
)
async def test_invalid_property_is_reported_with_a_pointer(
    admin: AsyncClient, field: str, value: Any, pointer: str
) -> None:
    """Creating and changing a product validate its properties alike."""
    made = await admin.post("/v1/products", json={**CHAIR, field: value})
    assert problem(made) == (422, "validation", [pointer])
    await admin.post("/v1/products", json=CHAIR)
    assert problem(await admin.patch("/v1/products/CHAIR", json={field: value}))[:2] == (422, "validation")


async def test_empty_change_is_refused(admin: AsyncClient) -> None:
    """An empty change would increase the version without changing anything."""
    await admin.post("/v1/products", json=CHAIR)
    assert problem(await admin.patch("/v1/products/CHAIR", json={})) == (422, "validation", [""])
    null = await admin.patch("/v1/products/CHAIR", json={"name": None})
    assert problem(null) == (422, "validation", ["/name"])


@pytest.mark.parametrize(
    ("query", "status"), [("q=%00", 422), ("limit=0", 422), ("limit=101", 422), ("cursor=AAAA", 400)]
)
async def test_invalid_query_is_refused(admin: AsyncClient, query: str, status: int) -> None:
    """Invalid query parameters answer with a client error, never with a server error."""
    assert (await admin.get(f"/v1/products?{query}")).status_code == status


@pytest.mark.parametrize(("name", "status"), [("", 401), ("alice", 403)])
async def test_only_administrators_change_products(
    database: Database, serve: Serve, name: str, status: int
) -> None:
    """Customers and anonymous callers are refused."""
    client = serve(router(Catalog(database, Cache(NoStore()), "EUR"), "EUR"))(name)
    assert (await client.post("/v1/products", json=CHAIR)).status_code == status
    assert (await client.patch("/v1/products/CHAIR", json={"name": "x"})).status_code == status
