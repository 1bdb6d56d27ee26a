"""Inventory: the administrator's view of stock."""

from __future__ import annotations

import pytest

from .client import User
from .conventions import assert_invalid, assert_problem
from .seeder import Seeder


def test_stock_is_created_by_the_first_put(seeder: Seeder) -> None:
    """PUT creates the stock of a SKU, returns it, and can change it."""
    path = f"/v1/stock/{seeder.product(stock=None)}"
    assert_problem(seeder.admin.get(path), 404, "not-found")
    sku = path.rpartition("/")[2]
    for on_hand in (5, 0, 1_000_000_000):
        response = seeder.admin.put(path, json={"on_hand": on_hand})
        assert (response.status_code, response.json()) == (
            200,
            {"sku": sku, "on_hand": on_hand, "reserved": 0},
        )
        assert seeder.admin.get(path).json() == response.json()


@pytest.mark.parametrize("on_hand", [-1, 1_000_000_001, 10**30, 1.5, "5", True, None, [], {}])
def test_units_on_hand_are_a_whole_number_within_bounds(seeder: Seeder, on_hand: object) -> None:
    """Units on hand are an integer from 0 to 1,000,000,000; other values are refused and change nothing."""
    sku = seeder.product(stock=3)
    assert_invalid(seeder.admin.put(f"/v1/stock/{sku}", json={"on_hand": on_hand}), "/on_hand")
    assert seeder.stock(sku) == (3, 0)


def test_order_takes_units_and_put_sets_them(alice: User, seeder: Seeder) -> None:
    """An order reduces the units on hand, and a PUT sets them."""
    sku = seeder.product(stock=5)
    assert alice.order({sku: 5})["state"] == "CONFIRMED"
    assert alice.order({sku: 1})["reason"] == "out_of_stock"
    seeder.restock(sku, 1)
    assert alice.order({sku: 1})["state"] == "CONFIRMED"
