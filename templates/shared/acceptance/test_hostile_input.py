"""Hostile input: too large, too deep, not text, not routed. It never causes a 5xx."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .client import ShopClient, User
from .conventions import assert_problem
from .seeder import Seeder

JSON = {"Content-Type": "application/json"}
LAST = {**JSON, "Connection": "close"}  # a server may stop reading a body that it refuses
LIMIT = 64 * 1024


def padded(size: int) -> bytes:
    """Return a valid stock body of exactly `size` bytes."""
    return b'{"on_hand": 1' + b" " * (size - 14) + b"}"


def test_body_of_64_kib_is_read(seeder: Seeder) -> None:
    """A body of exactly 64 KiB is accepted."""
    response = seeder.admin.put(f"/v1/stock/{seeder.name()}", content=padded(LIMIT), headers=JSON)
    assert response.status_code == 200, response.text


@pytest.mark.parametrize("size", [LIMIT + 1, 200_000])
def test_larger_body_is_refused(seeder: Seeder, size: int) -> None:
    """A body whose Content-Length exceeds 64 KiB is refused."""
    response = seeder.admin.put(f"/v1/stock/{seeder.name()}", content=padded(size), headers=LAST)
    assert_problem(response, 413, "too-large")


def test_larger_body_in_chunks_is_refused(seeder: Seeder) -> None:
    """A chunked body larger than 64 KiB is refused, although its size is not announced."""

    def chunks() -> Iterator[bytes]:
        yield from (padded(100_000)[start : start + 4096] for start in range(0, 100_000, 4096))

    response = seeder.admin.put(f"/v1/stock/{seeder.name()}", content=chunks(), headers=LAST)
    assert_problem(response, 413, "too-large")


@pytest.mark.parametrize("body", [b"[" * 30_000, b'{"a":' * 10_000, b"[" * 30_000 + b"]" * 30_000])
def test_deep_nesting_is_refused(alice: User, body: bytes) -> None:
    """A body with thousands of nested levels is refused and does not exhaust the stack."""
    response = alice.post("/v1/orders", content=body, headers={**JSON, "Idempotency-Key": "deep"})
    assert response.status_code in {400, 422}, response.text


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e400", b"9" * 5000, b"0x10", b"01"])
def test_numbers_out_of_range_are_refused(seeder: Seeder, number: bytes) -> None:
    """Numbers that are not valid JSON, or not valid integers, are refused with 400 or 422."""
    body = b'{"on_hand": ' + number + b"}"
    response = seeder.admin.put(f"/v1/stock/{seeder.name()}", content=body, headers=JSON)
    assert response.status_code in {400, 422}, response.text


@pytest.mark.parametrize(
    "text", ["nul \u0000", "bell \u0007", "escape \u001b[31m", "line\nbreak", "\u202e", "\ufeff"]
)
def test_control_characters_are_kept_or_refused(seeder: Seeder, text: str) -> None:
    """A name with control characters is either refused or returned unchanged."""
    draft = seeder.draft(name=f"{text} x")
    response = seeder.admin.post("/v1/products", json=draft)
    if response.status_code != 201:
        assert_problem(response, 422, "validation")
    else:
        assert response.json()["name"] == draft["name"]


@pytest.mark.parametrize("escape", [b"\\ud800", b"\\udfff", b"\\udc00\\ud800"])
def test_lone_surrogates_are_refused(seeder: Seeder, escape: bytes) -> None:
    """An unpaired surrogate is refused, because UTF-8 cannot encode it."""
    price = b'{"amount": 1, "currency": "%s"}' % seeder.currency.encode()
    body = b'{"sku": "%s", "name": "%s", "description": "x", "category": "x", "price": %s}'
    body %= (seeder.name().encode(), escape, price)
    response = seeder.admin.post("/v1/products", content=body, headers=JSON)
    assert response.status_code in {400, 422}, response.text


@pytest.mark.parametrize(
    "path",
    [
        "..%2f..%2fetc%2fpasswd",
        "%00",
        "%ff",
        "%",
        "a%0d%0aX: y",
        "'%20OR%201=1--",
        "%F0%9F%9B%92",
        "x" * 3000,
        "{}",
    ],
)
def test_invalid_path_segment_is_not_a_product(shop: ShopClient, path: str) -> None:
    """A path segment that cannot be a SKU is not found or refused, and never causes an error."""
    response = shop.get(f"/v1/products/{path}")
    assert response.status_code in {400, 404}, response.text


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ff", "category=%00", "q=" + "x" * 3000, "q=a&q=b", "q", "&&=", "limit="]
)
def test_unusual_query_is_handled(shop: ShopClient, query: str) -> None:
    """An unusual search text returns results or is refused, and never causes an error."""
    assert shop.get(f"/v1/products?{query}").status_code in {200, 400, 422}


@pytest.mark.parametrize("sku", ["%00", "' OR 1=1", "../x", "é", "x" * 3000])
def test_invalid_sku_in_cart_and_stock_is_refused(alice: User, seeder: Seeder, sku: str) -> None:
    """A path whose SKU cannot be one is not found or refused."""
    response = alice.put(f"/v1/cart/items/{sku}", json={"quantity": 1})
    assert response.status_code in {400, 404}, response.text
    response = seeder.admin.get(f"/v1/stock/{sku}")
    assert response.status_code in {400, 404}, response.text


def test_long_token_is_read(shop: ShopClient) -> None:
    """A token that names many groups can have 12 KiB; what counts is whether it is valid."""
    response = shop.get("/v1/cart", headers={"Authorization": "Bearer " + "a" * 12 * 1024})
    assert_problem(response, 401, "unauthenticated")
