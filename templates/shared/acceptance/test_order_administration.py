"""Orders of all users, as administrators see them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import pytest

from .client import User
from .conventions import assert_problem
from .paging import walk
from .seeder import Seeder

ORDERS = "/v1/admin/orders"


def listed(admin: User, **query: str) -> list[dict[str, Any]]:
    """Return the orders of a list."""
    response = admin.get(ORDERS, params={"limit": "100", **query})
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


def test_orders_of_all_users_are_listed_newest_first(admin: User, seeder: Seeder) -> None:
    """An administrator's list has the orders of several customers, each with its owner."""
    customers = [seeder.customer(balance=1_000) for _ in range(2)]
    sku = seeder.product(price=1)
    placed = [(each.id, each.order({sku: 1})) for each in (*customers, *customers)]
    since = placed[0][1]["created_at"]
    found = [(each["user_id"], each["order"]) for each in listed(admin, placed_from=since)]
    own = {user.id for user in customers}
    assert [each for each in found if each[0] in own] == placed[::-1]


def test_orders_are_chosen_by_user_state_and_time(admin: User, seeder: Seeder) -> None:
    """Each condition leaves out the other orders, and all conditions hold together."""
    customer, sku = seeder.customer(balance=150), seeder.product(price=100)
    first, declined, free = (
        customer.order(items) for items in ({sku: 1}, {sku: 1}, {seeder.product(price=0): 1})
    )
    assert [each["state"] for each in (first, declined, free)] == ["CONFIRMED", "REJECTED", "CONFIRMED"]

    def found(**query: str) -> list[str]:
        return [each["order"]["id"] for each in listed(admin, user_id=customer.id, **query)]

    assert found() == [free["id"], declined["id"], first["id"]]
    assert found(state="REJECTED") == [declined["id"]]
    assert found(state="CONFIRMED") == [free["id"], first["id"]]
    assert found(state="PENDING") == []
    assert found(placed_from=declined["created_at"]) == [free["id"], declined["id"]]
    assert found(placed_before=declined["created_at"]) == [first["id"]]
    assert found(state="CONFIRMED", placed_from=declined["created_at"]) == [free["id"]]
    local = datetime.fromisoformat(free["created_at"]).astimezone(timezone(timedelta(hours=-5)))
    assert found(placed_from=local.isoformat()) == [free["id"]]
    assert listed(admin, user_id=str(uuid4())) == []


def test_pages_of_all_orders_list_each_once(admin: User, seeder: Seeder) -> None:
    """Pages of two orders have no gap and no repetition."""
    customer, sku = seeder.customer(balance=1_000), seeder.product(price=1)
    placed = [customer.order({sku: 1})["id"] for _ in range(5)]
    pages = walk(admin, ORDERS, 2, {"user_id": customer.id})
    assert [each["order"]["id"] for each in pages] == placed[::-1]


def test_history_has_each_state_with_its_time(admin: User, seeder: Seeder) -> None:
    """A cancelled order was placed, confirmed and cancelled, in this order; a rejection has its reason."""
    customer, sku = seeder.customer(balance=150), seeder.product(price=100)
    confirmed = customer.order({sku: 1})
    declined = customer.order({sku: 1})
    details = admin.get(f"{ORDERS}/{declined['id']}").json()
    assert (details["user_id"], details["order"]) == (customer.id, declined)
    assert details["history"] == [
        {"state": "PENDING", "reason": None, "at": declined["created_at"]},
        {"state": "REJECTED", "reason": "payment_declined", "at": declined["updated_at"]},
    ]
    assert customer.cancel(confirmed["id"]).status_code == 202
    cancelled = customer.wait_for_end(confirmed["id"], leaving="CONFIRMED")
    history = admin.get(f"{ORDERS}/{confirmed['id']}").json()["history"]
    assert history == [
        {"state": "PENDING", "reason": None, "at": confirmed["created_at"]},
        {"state": "CONFIRMED", "reason": None, "at": confirmed["updated_at"]},
        {"state": "CANCELLED", "reason": None, "at": cancelled["updated_at"]},
    ]


@pytest.mark.parametrize(
    "order_id", ["01890a5d-ac96-774b-bcce-b302099a8057", "01890a5dac96774bbcceb302099a8057", "5"]
)
def test_unknown_order_is_not_found_by_administrators(admin: User, order_id: str) -> None:
    """Unknown and malformed ids are answered with 404."""
    assert_problem(admin.get(f"{ORDERS}/{order_id}"), 404, "not-found")


@pytest.mark.parametrize(
    "query",
    [
        "state=pending",
        "user_id=5",
        "user_id=01890a5dac96774bbcceb302099a8057",
        "placed_from=2026-01-31",
        "placed_before=2026-01-31T00:00:00",
        "placed_from=2026-01-31T00:00Z",
        "placed_from=2026-01-31T00:00:00.Z",
        "placed_from=0000-01-31T00:00:00Z",
        "placed_before=%2B12026-01-31T00:00:00Z",
    ],
)
def test_malformed_condition_is_refused(admin: User, query: str) -> None:
    """An unknown state, a malformed ID and a time that is not as in RFC 3339 are refused, not ignored."""
    assert_problem(admin.get(f"{ORDERS}?{query}"), 422, "validation")


@pytest.mark.parametrize(
    "query",
    [
        "placed_from=9999-12-31T23:59:59Z",
        "placed_from=9999-12-31t23:59:59.1234567890123z",
        "placed_before=0001-01-01T00:00:00Z",
    ],
)
def test_times_beyond_all_orders_find_none(admin: User, query: str) -> None:
    """A list that starts in the far future, or ends in the far past, is empty."""
    response = admin.get(f"{ORDERS}?{query}")
    assert (response.status_code, response.json()) == (200, {"items": [], "next_cursor": None})
