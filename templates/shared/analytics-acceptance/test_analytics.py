"""Analytics: figures of the last hour for administrators, counted from orders and product views."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from .client import ShopClient, User
from .conventions import TIME, assert_invalid, assert_problem
from .seeder import REST_SECONDS, Seeder

SUMMARY = "/v1/analytics/summary"
STREAM = "/v1/analytics/stream"
VIEWS = "/v1/analytics/views"


def summary(admin: User) -> Any:
    """Return the current figures."""
    response = admin.get(SUMMARY)
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    return response.json()


def wait_for(read: Callable[[], int], least: int) -> None:
    """Wait until a figure is at least so high; other tests raise it, too."""
    deadline = time.monotonic() + REST_SECONDS
    while (value := read()) < least:
        assert time.monotonic() < deadline, f"still {value}, not {least}"
        time.sleep(0.1)


def test_the_summary_has_all_windows(admin: User, seeder: Seeder) -> None:
    """It has sixty seconds, sixty minutes, and at most ten products."""
    figures = summary(admin)
    assert TIME.fullmatch(figures["time"])
    assert figures["currency"] == seeder.currency
    assert [len(figures["orders_per_second"]), len(figures["revenue_per_minute"])] == [60, 60]
    assert len(figures["top_products"]) <= 10
    assert figures.keys() - {"time", "currency", "orders_per_second", "revenue_per_minute"} == {
        *("refunded", "top_products", "conversion")
    }


def test_views_of_anybody_are_counted(shop: ShopClient, admin: User, seeder: Seeder) -> None:
    """Each adds one to the conversion's views within moments."""
    sku, before = seeder.product(), summary(admin)["conversion"]["views"]
    for _ in range(3):
        response = shop.post(VIEWS, json={"sku": sku})
        assert (response.status_code, response.content) == (202, b"")
    wait_for(lambda: int(summary(admin)["conversion"]["views"]), before + 3)


def test_orders_are_counted_when_they_are_placed_confirmed_and_cancelled(
    alice: User, admin: User, seeder: Seeder
) -> None:
    """The revenue grows with a confirmation, and the refunds with a cancellation."""
    sku, before = seeder.product(price=500), summary(admin)
    order = alice.order({sku: 2})
    assert order["state"] == "CONFIRMED"
    wait_for(lambda: sum(summary(admin)["revenue_per_minute"]), sum(before["revenue_per_minute"]) + 1000)
    after = summary(admin)
    assert after["conversion"]["confirmed"] > before["conversion"]["confirmed"]
    assert sum(after["orders_per_second"]) > 0
    assert {"sku", "units", "revenue"} == after["top_products"][0].keys()
    assert alice.cancel(order["id"]).status_code < 300
    wait_for(lambda: int(summary(admin)["refunded"]), before["refunded"] + 1000)


def test_the_stream_sends_summaries(admin: User) -> None:
    """Each message of the stream is a whole summary, and they keep coming."""
    assert admin.token is not None
    headers = {"Authorization": f"Bearer {admin.token()}"}
    with admin.http.stream("GET", STREAM, headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = (line for line in response.iter_lines() if line)
        messages = [json.loads(next(lines).removeprefix("data: ")) for _ in range(2)]
    assert messages[0].keys() == summary(admin).keys()
    assert messages[0]["time"] < messages[1]["time"]


@pytest.mark.parametrize("path", [SUMMARY, STREAM])
def test_figures_are_for_administrators(shop: ShopClient, alice: User, path: str) -> None:
    """Nobody else can read or follow them."""
    assert_problem(shop.get(path), 401, "unauthenticated")
    assert_problem(alice.get(path), 403, "forbidden")


@pytest.mark.parametrize("body", [{}, {"sku": "no such form!"}, {"sku": 1}])
def test_an_invalid_view_is_refused(shop: ShopClient, body: object) -> None:
    """The SKU has to be one."""
    assert_invalid(shop.post(VIEWS, json=body), "/sku")


@pytest.mark.parametrize("path", ["/analytics", "/analytics/page.js"])
def test_the_page_is_served_with_its_security_policy(shop: ShopClient, path: str) -> None:
    """The page needs no token, because it contains no figures."""
    response = shop.get(path)
    assert response.status_code == 200
    assert response.headers["content-security-policy"].startswith("default-src 'self'")


def test_other_files_are_not_served(shop: ShopClient) -> None:
    """The page has no other files."""
    assert_problem(shop.get("/analytics/other.js"), 404, "not-found")
