"""Hostile input: too large, too deep, not text, not routed. Never a 5xx, always a problem."""

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
    """A valid stock body of exactly `size` bytes."""
    return b'{"on_hand": 1' + b" " * (size - 14) + b"}"


def test_body_of_64_kib_is_read(seeder: Seeder) -> None:
    """The bound itself is allowed."""
    response = seeder.admin.put(f"/v1/stock/{seeder.name()}", content=padded(LIMIT), headers=JSON)
    assert response.status_code == 200, response.text


@pytest.mark.parametrize("size", [LIMIT + 1, 200_000])
def test_larger_body_is_refused(seeder: Seeder, size: int) -> None:
    """64 KiB and no more, told by Content-Length."""
    response = seeder.admin.put(f"/v1/stock/{seeder.name()}", content=padded(size), headers=LAST)
    assert_problem(response, 413, "too-large")


def test_larger_body_in_chunks_is_refused(seeder: Seeder) -> None:
    """64 KiB and no more, also when the size is not told beforehand."""

    def chunks() -> Iterator[bytes]:
        yield from (padded(100_000)[start : start + 4096] for start in range(0, 100_000, 4096))

    response = seeder.admin.put(f"/v1/stock/{seeder.name()}", content=chunks(), headers=LAST)
    assert_problem(response, 413, "too-large")


@pytest.mark.parametrize("body", [b"[" * 30_000, b'{"a":' * 10_000, b"[" * 30_000 + b"]" * 30_000])
def test_deep_nesting_is_refused(alice: User, body: bytes) -> None:
    """A body nested thousands deep exhausts no stack."""
    response = alice.post("/v1/orders", content=body, headers={**JSON, "Idempotency-Key": "deep"})
    assert response.status_code in {400, 422}, response.text


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e400", b"9" * 5000, b"0x10", b"01"])
def test_odd_numbers_are_refused(seeder: Seeder, number: bytes) -> None:
    """What JSON does not know as a number, or no integer holds, is 400 or 422."""
    body = b'{"on_hand": ' + number + b"}"
    response = seeder.admin.put(f"/v1/stock/{seeder.name()}", content=body, headers=JSON)
    assert response.status_code in {400, 422}, response.text


@pytest.mark.parametrize(
    "text", ["nul \u0000", "bell \u0007", "escape \u001b[31m", "line\nbreak", "\u202e", "\ufeff"]
)
def test_control_characters_are_stored_whole_or_refused(seeder: Seeder, text: str) -> None:
    """A name with control characters is either refused or comes back unchanged."""
    draft = seeder.draft(name=f"{text} x")
    response = seeder.admin.post("/v1/products", json=draft)
    if response.status_code != 201:
        assert_problem(response, 422, "validation")
    else:
        assert response.json()["name"] == draft["name"]


@pytest.mark.parametrize("escape", [b"\\ud800", b"\\udfff", b"\\udc00\\ud800"])
def test_lone_surrogates_are_refused(seeder: Seeder, escape: bytes) -> None:
    """Half a character is no text: UTF-8 cannot carry it back."""
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
def test_odd_path_segment_names_nothing(shop: ShopClient, path: str) -> None:
    """What cannot be a SKU is not found, or is refused; it is never a failure."""
    response = shop.get(f"/v1/products/{path}")
    assert response.status_code in {400, 404, 422}, response.text


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ff", "category=%00", "q=" + "x" * 3000, "q=a&q=b", "q", "&&=", "limit="]
)
def test_odd_query_is_answered(shop: ShopClient, query: str) -> None:
    """A search for nonsense finds something, nothing, or is refused; it is never a failure."""
    assert shop.get(f"/v1/products?{query}").status_code in {200, 400, 422}


@pytest.mark.parametrize("sku", ["%00", "' OR 1=1", "../x", "é", "x" * 3000])
def test_odd_sku_in_cart_and_stock_is_refused(alice: User, seeder: Seeder, sku: str) -> None:
    """A SKU in a path is checked as one in a body is."""
    response = alice.put(f"/v1/cart/items/{sku}", json={"quantity": 1})
    assert response.status_code in {400, 404, 422}, response.text
    response = seeder.admin.get(f"/v1/stock/{sku}")
    assert response.status_code in {400, 404, 422}, response.text
